import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../paths.mjs';
import { imageOf, parseDockerfile } from './dockerfile.mjs';
import { checkFiles, readTexts, targetsIn } from './files.mjs';
import { interpolate, parseEnvironment } from './interpolation.mjs';
import { buildStages } from './stages.mjs';

const texts = readTexts(root);

/** What is found when one of the files says something else in one place. */
async function failuresWith(file, from, to) {
  const changed = texts[file].replace(from, to);
  expect(changed).not.toBe(texts[file]);
  const { failures } = await checkFiles({ root, texts: { ...texts, [file]: changed } });
  return failures.join('\n');
}

describe('Dockerfile, compose file and .env.example', () => {
  it('belong together: every service has a target, and nothing is wrong', async () => {
    const { failures, targets, services, variables } = await checkFiles({ root });
    expect(failures).toEqual([]);
    expect(targets).toBe(targetsIn(root).length);
    expect(services).toBeGreaterThan(targets);
    expect(variables).toBeGreaterThan(20);
  });

  it.each([
    ['an unknown key', 'compose', 'read_only: true', 'read_onli: true', 'Unrecognized key: "read_onli"'],
    ['an unknown section', 'compose', 'networks:\n  # No', 'network:\n  # No', 'network: unknown key'],
    [
      'a file that is not there',
      'compose',
      'deploy/nats/nats.conf',
      'deploy/nats/other.conf',
      'no ./deploy/nats/other.conf',
    ],
    [
      'a folder that a container may change',
      'compose',
      '/etc/nats/nats.conf:ro',
      '/etc/nats/nats.conf',
      'may write to',
    ],
    ['a target that is not there', 'compose', 'target: risk-gate', 'target: riskgate', 'no target riskgate'],
    ['a service that runs as root', 'compose', 'user: "1000:1000"', 'user: "0:0"', 'runs as root'],
    ['a service with all capabilities', 'compose', 'cap_drop: [ALL]', 'cap_drop: [KILL]', 'cap_drop is not [ALL]'],
    ['an image without a version', 'compose', 'redis:7.4.2-alpine', 'redis:latest', 'redis:latest names no version'],
    [
      'a port that is open to everybody',
      'compose',
      '127.0.0.1:${GATEWAY_PORT',
      '0.0.0.0:${GATEWAY_PORT',
      'gateway: publishes',
    ],
    ['a port that the image does not open', 'compose', ':-3000}:3000"\n', ':-3000}:3100"\n', 'exposes no 3100'],
    [
      'a limit that no operator can set',
      'compose',
      '  RISK_ORDER_NOTIONAL_MAX:',
      '  RISK_ORDER_MAX:',
      'lacks RISK_ORDER_NOTIONAL_MAX',
    ],
    [
      'a rule of the audit that no operator can set',
      'compose',
      '  ANOMALY_REFUSED_CALLS:',
      '  ANOMALY_REFUSALS:',
      'lacks ANOMALY_REFUSED_CALLS',
    ],
    ['an address that nobody has', 'compose', 'nats://nats:4222', 'nats://bus:4222', 'there is no bus'],
    [
      'a wrong port of a service of ours',
      'compose',
      'http://sim-exchange:9000',
      'http://sim-exchange:9001',
      'exposes no 9001',
    ],
    [
      'a wait for health that nobody tells',
      'compose',
      'redis: { condition: service_healthy }',
      'otel-collector: { condition: service_healthy }',
      'otel-collector has no health',
    ],
    [
      'a setting that no service knows',
      'compose',
      'LIVE_TRADING: $',
      'LIFE_TRADING: $',
      'execution knows no LIFE_TRADING',
    ],
    ['a setting with a wrong value', 'compose', 'GRPC_PORT: "50051"', 'GRPC_PORT: "none"', 'GRPC_PORT is "none"'],
    [
      'a user of the bus without a password',
      'compose',
      /\n +NATS_PASSWORD_STRATEGY: .*/,
      '',
      'NATS_PASSWORD_STRATEGY is not set',
    ],
    ['a variable that is missing', 'environment', '# random: 64 hex\nJWT_SECRET=\n', '', 'JWT_SECRET is missing'],
    ['a variable that nobody uses', 'environment', 'LOG_LEVEL=info', 'LOG_LEVEL=info\nOTHER=1', 'nothing uses OTHER'],
    [
      'a secret that is too short',
      'environment',
      '64 hex\nJWT_SECRET',
      '8 hex\nJWT_SECRET',
      'JWT_SECRET is set but wrong',
    ],
    ['an account with a key of its own kind', 'environment', '"venue":"sim"', '"venoo":"sim"', 'VENUE_ACCOUNTS'],
    ['another Node', 'dockerfile', 'FROM node:26.10.0-', 'FROM node:22.1.0-', 'neither an earlier stage nor node:'],
    ['the root user', 'dockerfile', 'USER 1000:1000', 'USER 0:0', 'gateway runs as 0:0'],
    ['no user', 'dockerfile', 'USER 1000:1000\n', '', 'gateway runs as root'],
    [
      'a copy of nothing',
      'dockerfile',
      'COPY deploy/docker/health.mjs',
      'COPY deploy/docker/healthy.mjs',
      'no deploy/docker/healthy.mjs',
    ],
    [
      'a copy from a stage that comes later',
      'dockerfile',
      '--from=manifests',
      '--from=runtime',
      'no earlier stage runtime',
    ],
    ['a target less', 'dockerfile', 'AS strategy', 'AS strategies', 'there is no target strategy'],
    [
      'a program of another service',
      'dockerfile',
      'dist/execution.js',
      'dist/gateway.js',
      'must start dist/execution.js',
    ],
    [
      'a shell around a program',
      'dockerfile',
      'ENTRYPOINT ["node", "dist/execution.js"]',
      'ENTRYPOINT node dist/execution.js',
      'must be lists',
    ],
    ['no health check', 'dockerfile', /HEALTHCHECK --.*/, '', 'has no HEALTHCHECK'],
    [
      'a secret in an image',
      'dockerfile',
      'ENV HOST=0.0.0.0 PORT=3000',
      'ENV JWT_SECRET=abc',
      'JWT_SECRET would be a secret',
    ],
    ['an instruction that is not known', 'dockerfile', 'EXPOSE 9464', 'ADD x y', 'ADD is not one of'],
    ['.env in what is sent to the builder', 'ignored', '.env\n', '', 'does not leave out .env'],
    [
      'a service that is scraped on another port',
      'prometheus',
      'gateway:9464',
      'gateway:9465',
      'gateway exposes no 9465',
    ],
  ])('with %s they do not', async (_, file, from, to, said) => {
    expect(await failuresWith(file, from, to)).toContain(said);
  });
});

describe('variables', () => {
  it('are replaced as docker compose does', () => {
    const variables = { A: 'x', EMPTY: '' };
    expect(interpolate(`$A \${A} \${B:-y} \${EMPTY:-z} \${EMPTY-z} $$A`, variables)).toBe('x x y z  $A');
    expect(() => interpolate(`\${B:?say it}`, variables)).toThrow('B is not set: say it');
  });

  it('of a .env file may use earlier ones, and come once', () => {
    expect(parseEnvironment(`# c\nA=1\nB=[{"a":"\${A}"}]\n`)).toEqual({ A: '1', B: '[{"a":"1"}]' });
    expect(() => parseEnvironment('A=1\nA=2')).toThrow('A is there twice');
    expect(() => parseEnvironment('A="1"')).toThrow('no quotes');
  });
});

describe('the instructions of a Dockerfile', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scalpstorm-image-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('give an image its user, command and health from the stages that it comes from', () => {
    const text =
      'FROM x AS a\nUSER 5:5\nHEALTHCHECK --retries=3 CMD ["node", "h.mjs"]\nFROM a AS b\nEXPOSE 1 2\nENTRYPOINT ["p"]\nCMD ["q"]';
    const image = imageOf(parseDockerfile(text), 'b');
    expect(image).toMatchObject({
      user: '5:5',
      health: ['node', 'h.mjs'],
      ports: [1, 2],
      entrypoint: ['p'],
      command: ['q'],
    });
  });

  it('are carried out in folders, one a stage, and what a later stage removes stays in the earlier one', async () => {
    const lines = [
      'FROM x AS a',
      'WORKDIR /app',
      'ENV WORD=hello',
      'COPY one.txt .two ./',
      'COPY folder ./folder',
      'RUN echo $WORD > said && mkdir -p ../data && echo 1 > ../data/number',
      'FROM a AS b',
      'COPY --from=a /data ./data',
      'RUN rm said && echo changed > one.txt.new',
      'FROM b AS c',
      'USER 1000:1000',
    ];
    const stages = parseDockerfile(lines.join('\n'));
    const clone = join(folder, 'clone');
    mkdirSync(join(clone, 'folder'), { recursive: true });
    const files = ['one.txt', '.two', 'folder/three'];
    for (const file of files) writeFileSync(join(clone, file), file);
    const places = await buildStages({ stages, root: clone, files, directory: join(folder, 'stages') });
    const { workdir: first } = places.get('a');
    const { workdir: second } = places.get('b');
    expect(readdirSync(first).sort()).toEqual(['.two', 'folder', 'one.txt', 'said']);
    expect(readFileSync(join(first, 'said'), 'utf8')).toBe('hello\n');
    expect(readdirSync(second).sort()).toEqual(['.two', 'data', 'folder', 'one.txt', 'one.txt.new']);
    expect(readFileSync(join(second, 'data/number'), 'utf8')).toBe('1\n');
    expect(readFileSync(join(second, 'folder/three'), 'utf8')).toBe('folder/three');
    expect(places.get('c').workdir).toBe(second);
  });

  it.each([
    ['a command that fails', 'RUN exit 3', 'sh ended with 3'],
    ['a file that is not sent to the builder', 'COPY nothing ./', 'there is no nothing to copy'],
    ['a path of this machine', 'RUN rm -rf /nothing', 'RUN names an absolute path'],
  ])('end with the line of %s', async (_, line, said) => {
    const stages = parseDockerfile(`FROM x AS a\nWORKDIR /app\n${line}`);
    const building = buildStages({ stages, root, files: [], directory: join(folder, 'stages') });
    await expect(building).rejects.toMatchObject({ message: expect.stringContaining(said), where: 'Dockerfile:3' });
  });
});
