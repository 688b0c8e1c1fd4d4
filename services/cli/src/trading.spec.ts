import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { answering } from '@scalpstorm/bus';
import { type NatsWorld, natsWorld, testNats } from '@scalpstorm/bus/testing';
import { type RiskAnswer, type RiskCommand, riskQuestion } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';

const program = fileURLToPath(new URL('../bin/scalpstorm.mjs', import.meta.url));
const execute = promisify(execFile);
const server = testNats();

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

(server === null ? describe.skip : describe)('scalpstorm trading (needs TEST_NATS_URL)', () => {
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
      execute(process.execPath, [program, 'trading', ...args], { env }).then(
        (ended) => ({ code: 0, ...ended }),
        (error: Ran) => error,
      );
    return { world, run };
  }

  test('asks the gate for the whole platform', async () => {
    const { world, run } = await scene();
    const asked: RiskCommand[] = [];
    const answer = async (command: RiskCommand): Promise<RiskAnswer> => {
      asked.push(command);
      return { ok: true, value: { state: 'halted', text: command.text, since: Timestamp.fromMillis(1_000) } };
    };
    const gate = await world.connect('risk-gate');
    await gate.receiver.receive({ hears: [], listens: [], answers: [answering(riskQuestion, answer)] });
    expect(await run('halt', '--reason', 'fire')).toMatchObject({
      code: 0,
      stdout: 'the platform is halted since 1970-01-01T00:00:01.000Z: fire\n',
    });
    expect(asked).toMatchObject([{ kind: 'halt', userId: null, text: 'fire', level: 'halt' }]);
    await run('halt', '--scope', 'venue:sim', '--level', 'cancel');
    const scope = { kind: 'venue', id: 'sim' };
    expect(asked.at(-1)).toMatchObject({ kind: 'set', scope, state: 'halted', level: 'cancel', operator: true });
    expect(await run('halt', '--scope', 'everywhere')).toMatchObject({ code: 2 });
    expect(asked).toHaveLength(2);
  });

  test('says so when the gate is away, and when it is asked wrongly', async () => {
    const { run } = await scene();
    expect(await run('state')).toMatchObject({ code: 1, stderr: expect.stringContaining('GATE_UNREACHABLE') });
    expect(await run('stop')).toMatchObject({ code: 2, stderr: expect.stringContaining('ASKED_WRONGLY') });
  });
});
