import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lockHolder, tryLock, withLock } from './lock.mjs';
import { root } from './paths.mjs';
import { processIdentity } from './processes.mjs';

let folder;
let path;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const critical = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import { withLock } from ${JSON.stringify(join(root, 'tools/lock.mjs'))};
  const [lock, counter] = process.argv.slice(1);
  for (let round = 0; round < 3; round += 1) {
    await withLock(lock, async () => {
      const before = Number(readFileSync(counter, 'utf8'));
      await new Promise((resolve) => setImmediate(resolve));
      writeFileSync(counter, String(before + 1));
    });
  }`;

describe('the lock', () => {
  test('is held by one at a time and free again after its release', () => {
    const release = tryLock(path);
    expect(lockHolder(path)?.pid).toBe(process.pid);
    expect(tryLock(path)).toBeUndefined();
    release();
    expect(existsSync(path)).toBe(false);
    tryLock(path)();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is released when the work fails', async () => {
    await expect(withLock(path, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(existsSync(path)).toBe(false);
  });

  test('of a process that has ended is taken over', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    writeFileSync(path, JSON.stringify({ pid: child.pid, identity: '1' }));
    await withLock(path, async () => {
      expect(lockHolder(path)?.pid).toBe(process.pid);
    });
  });

  test('of an earlier owner of a living process id is taken over', async () => {
    writeFileSync(path, JSON.stringify({ pid: process.pid, identity: `not ${processIdentity(process.pid)}` }));
    await withLock(path, async () => {
      expect(lockHolder(path)?.identity).toBe(processIdentity(process.pid));
    });
  });

  test('keeps processes apart that all find a dead holder', async () => {
    const counter = join(folder, 'counter');
    writeFileSync(counter, '0');
    writeFileSync(path, JSON.stringify({ pid: 2_147_483_646, identity: '1' }));
    const contenders = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', critical, path, counter], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(contenders.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0]);
    expect(readFileSync(counter, 'utf8')).toBe('9');
  });
});
