import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BotId, UserId } from '@scalpstorm/model';
import { aBot, describeWithServers, eventually } from '@scalpstorm/testkit';
import { email, password, TestPlatform } from './platform.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const execute = promisify(execFile);
const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** The commands of a page, in order, as one script. */
function commandsOf(page: string): string {
  const text = readFileSync(`${root}/${page}`, 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, commands]) => commands).join('\n');
}

describeWithServers('what docs/integrators.md shows', (servers) => {
  let platform: TestPlatform;
  let environment: Record<string, string>;

  beforeAll(async () => {
    platform = await TestPlatform.start(servers);
    const token = await platform.setUp();
    environment = {
      SCALPSTORM_URL: platform.url,
      SCALPSTORM_TOKEN: token,
      GRPC_ADDRESS: platform.grpcAddress,
      SCALPSTORM_EMAIL: email,
      SCALPSTORM_PASSWORD: password,
    };
    const me = await fetch(`${platform.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    const userId = UserId.of(((await me.json()) as { id: string }).id);
    await platform.announce(aBot({ id: BotId.of('bot_intg0001'), userId }));
    await eventually(async () => {
      const bots = await fetch(`${platform.url}/v1/bots`, { headers: { authorization: `Bearer ${token}` } });
      expect(((await bots.json()) as { data: unknown[] }).data).toHaveLength(1);
    });
  });
  afterAll(() => platform.close());

  const example = async (file: string): Promise<string> => {
    const env = { ...process.env, ...environment };
    return (await execute(process.execPath, [`examples/${file}`], { cwd: root, env, timeout: 90_000 })).stdout;
  };

  it('reflection lists every service with its calls', async () => {
    const listed = (await example('grpc/reflect.mjs')).split('\n');
    for (const name of ['Bot', 'Order', 'Portfolio', 'Activity', 'Strategy', 'Risk', 'Market', 'User', 'Stream']) {
      expect(listed).toContain(`scalpstorm.api.v1.${name}Service`);
    }
    expect(listed).toEqual(expect.arrayContaining(['grpc.health.v1.Health', '  FlattenBot', '  Watch (stream)']));
  });

  it('the generated client reads bots, is refused with a code, and listens', async () => {
    const said = await example('grpc/bots.mjs');
    expect(said).toContain(`I am ${email}, admin`);
    expect(said).toMatch(/bot_intg0001 .*: running/);
    expect(said).toContain('refused: gRPC 5, NOT_FOUND: There is no such bot, or it is not yours.');
    expect(said).toMatch(/SNAPSHOT of bots, number \d+ of \S+: 1 rows/);
  });

  it('the websocket goes on where it was cut', async () => {
    const said = await example('stream.mjs');
    expect(said).toMatch(/snapshot of bots, number (\d+): 1 rows[\s\S]*resumed of bots, number \1: 0 rows/);
  });

  it('the generated client is what the proto files give today', async () => {
    const buf = `${root}/node_modules/@bufbuild/buf/bin/buf`;
    const out = `${platform.home}/generated-client`;
    const template = JSON.stringify({
      version: 'v2',
      plugins: [{ local: 'protoc-gen-es', out: '.', opt: ['target=js+dts', 'import_extension=js'] }],
    });
    const env = { ...process.env, PATH: `${root}/node_modules/.bin:${process.env['PATH']}` };
    const args = ['generate', '--template', template, '--path', 'proto/scalpstorm/api', '--output', out];
    await execute(process.execPath, [buf, ...args], { cwd: root, env });
    expect(spawnSync('diff', ['-r', out, `${root}/examples/grpc/generated`], { encoding: 'utf8' }).stdout).toBe('');
  });

  (hasCurl ? it : it.skip)('every command of the page runs as it is written', async () => {
    const env = {
      ...process.env,
      ...environment,
      HOME: platform.home,
      PATH: `${root}/node_modules/.bin:${process.env['PATH']}`,
    };
    const script = commandsOf('docs/integrators.md');
    expect(script).toContain('/v1/auth/login');
    const { stdout } = await execute('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env });
    expect(stdout).toMatch(/bot_intg0001/);
    expect(stdout).toContain('OpenAPI 200');
    expect(stdout).toContain('"code":"VALIDATION_FAILED"');
  });
});
