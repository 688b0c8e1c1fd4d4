import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { natsUsers } from '@scalpstorm/contracts';
import { busUsers, natsPasswordVariable } from './config.js';

/** What NATS includes as its `authorization`: every user with a password and exactly what it may say and hear. */
export function busUsersText(settings: Readonly<Record<string, unknown>>): string {
  const passwords = Object.fromEntries(
    busUsers.map((user) => [user, String(settings[natsPasswordVariable(user)] ?? '')]),
  );
  return `${JSON.stringify({ users: natsUsers(passwords) }, null, 1)}\n`;
}

/** Whole or not at all, and for its owner alone. @returns whether anything has changed */
export function writeBusUsers(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  const draft = `${file}.draft`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
  return true;
}
