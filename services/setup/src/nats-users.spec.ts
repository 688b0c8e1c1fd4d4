import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { speakers } from '@scalpstorm/contracts';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { runCommand } from './command.js';
import { busUsers, natsPasswordVariable } from './config.js';

const passwords = Object.fromEntries(busUsers.map((user) => [natsPasswordVariable(user), `${user}-`.padEnd(20, 'x')]));

describe('the users of NATS', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scalpstorm-setup-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are everybody who speaks, each with its own password and what it may say, in a file that only its owner reads', async () => {
    const file = join(folder, 'users.conf');
    expect(await runCommand(['nats-users', file], { ...passwords, LOG_LEVEL: 'fatal' })).toBe(0);
    const { users } = JSON.parse(readFileSync(file, 'utf8')) as {
      users: { user: string; password: string; permissions: { publish: { allow: string[] } } }[];
    };
    expect(users.map(({ user }) => user)).toEqual(['admin', ...speakers]);
    const gate = users.find(({ user }) => user === 'risk-gate');
    expect(gate?.password).toBe(passwords['NATS_PASSWORD_RISK_GATE']);
    expect(gate?.permissions.publish.allow).toContain('*.order.approved.v1.*');
    expect(users.find(({ user }) => user === 'strategy')?.permissions.publish.allow).not.toContain(
      '*.order.approved.v1.*',
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('are not written while one of them has no password, and the variable is named', async () => {
    const file = join(folder, 'users.conf');
    const { NATS_PASSWORD_EXECUTION: _, ...incomplete } = passwords;
    const log = new RecordingLog();
    expect(await runCommand(['nats-users', file], incomplete, { log })).toBe(1);
    expect(log.lines.map(({ text }) => text).join()).toContain('NATS_PASSWORD_EXECUTION is not set');
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it('asked wrongly, the program says how to ask', async () => {
    for (const wrong of [[], ['nats-users'], ['servers', 'x'], ['other', 'x']]) {
      let text = '';
      const print = (part: string) => {
        text += part;
      };
      expect(await runCommand(wrong, {}, { print })).toBe(2);
      expect(text).toContain('environment FILE');
    }
  });
});
