import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { activityLogged } from '@scalpstorm/contracts';
import type { UserId } from '@scalpstorm/model';
import { aBot, anActivity, describeWithServers } from '@scalpstorm/testkit';
import { botId, furnished } from './furnished.js';
import { meta, repository, type TestPlatform } from './platform.js';

describeWithServers('scalpstorm while things happen', (servers) => {
  let platform: TestPlatform;
  let userId: UserId;

  beforeAll(async () => {
    ({ platform, userId } = await furnished(servers));
  });
  afterAll(() => platform.close());

  describe('what goes on', () => {
    const lines = async function* (child: ChildProcess): AsyncGenerator<string> {
      if (child.stdout === null) throw new Error('no stdout');
      yield* createInterface({ input: child.stdout });
    };
    const ended = async (child: ChildProcess): Promise<number | null> => {
      const over = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGTERM');
      return (await over)[0];
    };

    it('activity follows the log, one line each, until it is told to end', async () => {
      const child = platform.start(['activity', '--follow']);
      const said = lines(child);
      expect((await said.next()).value).toMatch(/\tINFO\t.*\ttwo lines$/);
      const activity = anActivity({ userId, botId: null, level: 'WARNING', text: 'storm ahead' });
      await platform.speakers.strategy.bus.send(activityLogged, { meta: meta(), activity });
      expect((await said.next()).value).toMatch(/\tWARNING\t.*\tstorm ahead$/);
      expect(await ended(child)).toBe(0);
    });

    it('watch says every change of a bot in a pipe, and gives whole frames with --json', async () => {
      const child = platform.start(['watch']);
      const frames = platform.start(['watch', '--json']);
      const said = lines(child);
      const told = lines(frames);
      const first = [(await said.next()).value, (await said.next()).value].join('\n');
      expect(first).toContain('bot\tbot_cli0000');
      expect(JSON.parse(String((await told.next()).value))).toMatchObject({
        type: 'snapshot',
        seq: expect.any(Number),
      });
      await platform.announce(aBot({ id: botId, userId, version: 900, observed: 'pausing' }));
      for await (const line of said) if (line.includes('\tpausing\t')) break;
      for await (const line of told) if (line.includes('"pausing"')) break;
      expect([await ended(child), await ended(frames)]).toEqual([0, 0]);
    });
  });

  describe('the doctor', () => {
    it('says of every part how it is', async () => {
      const { code, stdout } = await platform.run(['doctor']);
      const verdicts = Object.fromEntries(
        stdout
          .trimEnd()
          .split('\n')
          .map((line) => line.split('\t').slice(0, 2).reverse()),
      );
      expect(verdicts).toMatchObject({
        address: 'ok',
        clock: 'ok',
        'log-in': 'ok',
        stream: 'ok',
        strategy: 'ok',
        'market-data': 'ok',
        execution: 'ok',
        'risk-gate': 'ok',
        profile: 'ok',
      });
      expect(code).toBe(0);
    });

    it('asks each service of a platform of this machine whether it is ready', async () => {
      const root = await mkdtemp(join(tmpdir(), 'scalpstorm-doctor-'));
      for (const name of ['package.json', 'node_modules', 'services'])
        await symlink(join(repository, name), join(root, name));
      await mkdir(join(root, '.runtime/mine'), { recursive: true });
      const doctor = async (operations: object) => {
        const told = JSON.stringify({ gateway: platform.url, operations });
        await writeFile(join(root, '.runtime/mine/operations.json'), told);
        const { stdout } = await platform.run(['doctor'], { environment: { SCALPSTORM_ROOT: root } });
        return stdout.split('\n').find((line) => line.split('\t')[1] === 'ready');
      };
      expect(await doctor({ gateway: platform.operationsUrl })).toBe('ok\tready\tgateway');
      const away = await doctor({ gateway: platform.operationsUrl, strategy: 'http://127.0.0.1:9' });
      expect(away).toBe(
        `fail\tready\tstrategy does not answer\t→ read the log of it in ${join(root, '.runtime/mine/logs')}`,
      );
      const companionAway = await doctor({ gateway: platform.operationsUrl, inference: 'http://127.0.0.1:9' });
      expect(companionAway).toMatch(/^warn\tready\tinference does not answer/);
      await rm(root, { recursive: true });
    });

    it('names what is at the port of this machine when it is no gateway', async () => {
      const stranger = createServer((socket) => socket.resume().end('220 not a gateway\r\n'));
      await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
      const { port } = stranger.address() as AddressInfo;
      const { code, stdout } = await platform.run(['doctor', '--url', `http://127.0.0.1:${port}`]);
      await new Promise((resolve) => stranger.close(resolve));
      expect(code).toBe(1);
      expect(stdout).toMatch(new RegExp(`fail\tport\t${port} is taken by something that is no gateway\t→ npm start`));
    });

    it('says what to do when nobody answers, and when others can read the log-in', async () => {
      const away = await platform.run(['doctor', '--json', '--url', 'http://127.0.0.1:9']);
      expect(away.code).toBe(1);
      expect(JSON.parse(away.stdout.split('\n')[0] ?? '')).toMatchObject({
        findings: expect.arrayContaining([
          expect.objectContaining({ check: 'address', verdict: 'fail', next: expect.stringContaining('npm start') }),
          expect.objectContaining({ check: 'set-up', verdict: 'ok' }),
        ]),
      });
      const file = join(platform.home, '.config/scalpstorm/default.json');
      await chmod(file, 0o644);
      const exposed = await platform.run(['doctor']);
      await chmod(file, 0o600);
      expect(exposed).toMatchObject({ code: 1, stdout: expect.stringContaining(`chmod 600 ${file}`) });
    });
  });
});
