import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { done, hearing, poison } from '@scalpstorm/bus';
import { type NatsWorld, type Note, natsWorld, note, noteContract, testNats, until } from '@scalpstorm/bus/testing';
import { orderRequested } from '@scalpstorm/contracts';

const program = fileURLToPath(new URL('../bin/scalpstorm.mjs', import.meta.url));
const execute = promisify(execFile);
const server = testNats();
const requested = noteContract(orderRequested);

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

(server === null ? describe.skip : describe)('scalpstorm dead-letters (needs TEST_NATS_URL)', () => {
  const open: NatsWorld[] = [];
  afterEach(async () => {
    for (const world of open.splice(0)) await world.close();
  });

  async function scene() {
    if (server === null) throw new Error('the suite is skipped without a server');
    const world = await natsWorld(server);
    open.push(world);
    const { namespace, url, user, password } = world.place.administrator;
    const env = {
      ...process.env,
      NATS_URL: url,
      NATS_USER: user,
      NATS_PASSWORD: password,
      SCALPSTORM_NAMESPACE: namespace,
    };
    const run = (...args: string[]): Promise<Ran> =>
      execute(process.execPath, [program, 'dead-letters', ...args], { env }).then(
        (ended) => ({ code: 0, ...ended }),
        (error: Ran) => error,
      );
    return { world, run };
  }

  test('lists what a service could not handle, and sends it again when that is mended', async () => {
    const { world, run } = await scene();
    const { bus } = await world.connect('strategy');
    const gate = await world.connect('risk-gate');
    const heard: string[] = [];
    let broken = true;
    const handle = async ({ text }: Note) => {
      heard.push(text);
      return broken ? poison('no such account') : done;
    };
    await gate.receiver.receive({ hears: [hearing(requested, handle)], listens: [], answers: [] });
    for (const text of ['one', 'two']) await bus.send(requested, note('demo', text));
    await until('the letters', async () => (await world.deadLetters()).length === 2);

    const listed = await run('list', '--limit', '1', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({
      total: 2,
      next: 1,
      letters: [{ sequence: 1, subject: 'order.requested.v1.demo', reason: 'no such account', deliveries: 1 }],
    });
    expect((await run('list')).stdout).toMatch(/2 dead letters\n.*no such account/);

    broken = false;
    const replayed = await run('replay', '--all', '--json');
    expect(JSON.parse(replayed.stdout).results).toMatchObject([{ ok: true }, { ok: true }]);
    await until('both again', () => heard.length >= 4);
    expect(heard).toEqual(['one', 'two', 'one', 'two']);
    expect((await run('list')).stdout).toBe('0 dead letters\n');
    expect(await run('replay', '1')).toMatchObject({ code: 1, stdout: expect.stringContaining('NO_SUCH_LETTER') });
  });

  test.each([
    [['burn'], 'ASKED_WRONGLY'],
    [['replay'], 'ASKED_WRONGLY'],
    [['replay', 'x'], 'ASKED_WRONGLY'],
    [['list', '--limit', '0'], 'INVALID_OPTION'],
  ])('ends with 2 and a hint when asked wrongly: %j', async (args, code) => {
    const { run } = await scene();
    expect(await run(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(code) });
  });
});
