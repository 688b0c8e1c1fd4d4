import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, it } from '@jest/globals';
import { diedHere, type ProcessTable, placeOf, thisHolder } from './holder.js';

const place = 'boot-1/pid:[1]time:[1]';
const holder = `${hostname()}/17/random/${place}/5000`;
const processes = (start: string | null, at: string | null = place): ProcessTable => ({
  place: at,
  startOf: (pid) => (pid === 17 ? start : 'gone'),
});

it.each<[string, string, ProcessTable, boolean]>([
  ['whose number nobody has is dead', holder, processes('gone'), true],
  ['whose number another process has is dead', holder, processes('5001'), true],
  ['who is there lives', holder, processes('5000'), false],
  ['of whose number nothing is told may live', holder, processes(null), false],
  ['of another container may live', holder, processes('gone', 'boot-1/pid:[2]time:[1]'), false],
  ['of another kernel, or before a reboot, may live', holder, processes('gone', 'boot-2/pid:[1]time:[1]'), false],
  ['may live where the system tells nothing', holder, processes('gone', null), false],
  ['of another machine may live', holder.replace(hostname(), 'elsewhere'), processes('gone'), false],
  ['who could not tell more than its number may live', `${hostname()}/17/random`, processes('gone'), false],
  ['of an older form may live', `${hostname()}/17`, processes('gone'), false],
  ['with no number may live', `${hostname()}/x/random/${place}/5000`, processes('gone'), false],
  ['with the number of a group may live', `${hostname()}/-1/random/${place}/5000`, processes('gone'), false],
])('a holder %s', (_, of, table, died) => {
  expect(diedHere(of, table)).toBe(died);
});

it('this process lives, and is named for people by its machine and number', () => {
  expect(diedHere(thisHolder)).toBe(false);
  expect(placeOf(thisHolder)).toBe(`${hostname()}/${process.pid}`);
});

const itOnLinux = existsSync('/proc/self/ns/time') ? it : it.skip;

itOnLinux(
  'a real process is known to live until it has ended, and an earlier one of its number to be dead',
  async () => {
    const child = spawn('sleep', ['60']);
    const [host, , random, boot, namespaces] = thisHolder.split('/');
    const holderAt = (began: string | undefined) => [host, child.pid, random, boot, namespaces, began].join('/');
    const start = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ')[21];
    const ended = once(child, 'exit');
    expect(diedHere(holderAt('1'))).toBe(true);
    expect(diedHere(holderAt(start))).toBe(false);
    child.kill('SIGKILL');
    await ended;
    expect(diedHere(holderAt(start))).toBe(true);
  },
);
