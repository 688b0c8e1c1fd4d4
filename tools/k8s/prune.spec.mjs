import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { root } from '../paths.mjs';

const hourMs = 3_600_000;
const dated = (number) => new Date(Date.UTC(2026, 0, 1) + number * hourMs).toISOString().replaceAll(/[:.]/g, '-');

describe('what goes before a back-up is made', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scalpstorm-prune-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const prune = () => {
    const text = readFileSync(join(root, 'k8s/components/backups/backups.yaml'), 'utf8');
    const [backup] = parseAllDocuments(text).map((document) => document.toJS());
    const [command, ...args] = backup.spec.jobTemplate.spec.template.spec.initContainers[0].command;
    const here = args.map((word) => word.replaceAll('/backups', folder));
    // Bash that is given a socket to read from takes itself for one that was started from afar, and reads its settings.
    return spawnSync(command, here, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };

  const make = (name, { isWhole, hoursAgo = 0 }) => {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, isWhole ? 'manifest.json' : 'gateway.users.copy.gz'), '');
    const at = new Date(Date.now() - hoursAgo * hourMs);
    utimesSync(path, at, at);
    return path;
  };

  test('are the whole ones beyond the newest 72, however old those are', () => {
    for (let number = 0; number < 75; number += 1) make(dated(number), { isWhole: true, hoursAgo: 1_000 });
    expect(prune()).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(folder).sort()).toEqual(Array.from({ length: 72 }, (_, number) => dated(number + 3)));
  });

  test('are those without an end after two hours, and nothing that is no back-up', () => {
    const left = make(dated(1), { isWhole: false, hoursAgo: 3 });
    const another = make(dated(2), { isWhole: false, hoursAgo: 4 });
    const kept = [
      make(dated(3), { isWhole: false, hoursAgo: 1 }),
      make(dated(0), { isWhole: true, hoursAgo: 9 }),
      make('lost+found', { isWhole: false, hoursAgo: 9 }),
    ];
    expect(prune()).toMatchObject({ status: 0, stderr: '' });
    expect([left, another].filter((path) => existsSync(path))).toEqual([]);
    expect(kept.filter((path) => existsSync(path))).toEqual(kept);
  });
});
