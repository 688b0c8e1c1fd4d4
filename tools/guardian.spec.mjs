import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { root } from './paths.mjs';
import { endProcesses, isAlive, processIdentity } from './processes.mjs';
import { waitUntil } from './servers/probe.mjs';

// One child ends when asked, one has to be killed, and one is the child of a child.
const launcher = `
  import { createChildren } from ${JSON.stringify(join(root, 'tools/children.mjs'))};
  const [temporary, record] = process.argv.slice(1);
  const { writeFileSync } = await import('node:fs');
  const children = createChildren({ temporary, onChange: (list) => writeFileSync(record, JSON.stringify(list)) });
  const start = (name, tier, script) =>
    children.start({ name, tier, command: process.execPath, args: ['-e', script] });
  const idle = 'setInterval(() => {}, 1000); console.log(process.pid)';
  const stubborn = 'process.on("SIGTERM", () => {}); ' + idle;
  const parent = 'const c = require("child_process").spawn(process.execPath, ["-e", ' + JSON.stringify(stubborn) +
    '], { stdio: "inherit" }); process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);';
  for (const [name, tier, script] of [['idle', 'server', idle], ['stubborn', 'service', stubborn], ['parent', 'service', parent]]) {
    start(name, tier, script).stdout.on('data', (pid) => process.stdout.write(pid));
  }
  setInterval(() => {}, 1000);`;

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardian-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function startLauncher() {
  const temporary = mkdtempSync(join(folder, 'runtime-'));
  const record = join(folder, 'processes.json');
  const child = spawn(process.execPath, ['--input-type=module', '-e', launcher, temporary, record], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pids = [];
  for await (const line of createInterface({ input: child.stdout })) {
    pids.push(Number(line));
    if (pids.length === 3) break;
  }
  const processes = pids.map((pid) => ({ pid, identity: processIdentity(pid) }));
  return { child, processes, temporary, recorded: JSON.parse(readFileSync(record, 'utf8')) };
}

async function expectAllGone(processes) {
  await waitUntil(
    async () => {
      const left = processes.filter(isAlive);
      if (left.length > 0) throw new Error(`still alive: ${left.map(({ pid }) => pid).join(', ')}`);
    },
    { timeoutMs: 90_000 },
  );
}

describe('the guardian', () => {
  test('ends every child, also stubborn ones and their children, when the launcher is killed', async () => {
    const { child, processes, temporary, recorded } = await startLauncher();
    expect(processes.every(isAlive)).toBe(true);
    expect(recorded.map(({ name }) => name).sort()).toEqual(['idle', 'parent', 'stubborn']);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expectAllGone(processes);
    await waitUntil(async () => expect(existsSync(temporary)).toBe(false), { timeoutMs: 90_000 });
  });

  test('leaves a process alone whose id now belongs to another', async () => {
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(bystander, 'spawn');
    await endProcesses([{ pid: bystander.pid, identity: 'somebody else' }], 10);
    expect(isAlive({ pid: bystander.pid, identity: processIdentity(bystander.pid) })).toBe(true);
    bystander.kill('SIGKILL');
    await once(bystander, 'exit');
    expect(processIdentity(bystander.pid)).toBeUndefined();
  });
});
