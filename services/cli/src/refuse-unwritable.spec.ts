import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { refuseUnwritable } from './refuse-unwritable.js';

const folder = mkdtempSync(join(tmpdir(), 'unwritable-'));
const locked = join(folder, 'locked');
const [log, data] = [join(locked, 'trials.jsonl'), join(folder, 'data.csv')];
mkdirSync(locked);
writeFileSync(log, '');
writeFileSync(data, '');
chmodSync(locked, 0o555);
afterAll(() => {
  chmodSync(locked, 0o755);
  rmSync(folder, { recursive: true });
});

const isRoot = process.getuid?.() === 0;

describe('a file that a command adds to', () => {
  it('may be missing, with the folders that it is to lie in', async () => {
    await expect(refuseUnwritable({ logs: [join(folder, 'a', 'b', 'trials.jsonl'), undefined] })).resolves.toBe(
      undefined,
    );
  });

  it('is neither a folder, nor below a file, nor what the command reads or writes anew', async () => {
    await expect(refuseUnwritable({ logs: [locked] })).rejects.toMatchObject({ code: 'FILE_NOT_WRITTEN' });
    await expect(refuseUnwritable({ logs: [join(data, 'x')] })).rejects.toMatchObject({ code: 'FILE_NOT_WRITTEN' });
    await expect(refuseUnwritable({ logs: [data], read: [data] })).rejects.toMatchObject({ code: 'FILE_TWICE' });
    await expect(refuseUnwritable({ logs: [log], files: [log] })).rejects.toMatchObject({ code: 'FILE_TWICE' });
  });

  // Nothing is locked for root.
  (isRoot ? it.skip : it)('may lie in a folder in which nothing can be made, where it is there', async () => {
    await expect(refuseUnwritable({ logs: [log] })).resolves.toBe(undefined);
    await expect(refuseUnwritable({ logs: [join(locked, 'other')] })).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
    });
  });
});
