import { afterEach, expect, it } from '@jest/globals';
import { HealthRegistry } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { gateScene, settingsOf, WrittenBooks } from '../../test/gate-scene.js';
import { approvalGraceMs } from '../domain/gate-settings.js';
import { readSessions } from '../domain/sessions.js';
import { KeepBooks } from './keep-books.js';
import { Rebuild } from './rebuild.js';

let rebuild: Rebuild | null = null;
afterEach(() => rebuild?.onApplicationShutdown());

it('a start waits as long as a reservation is kept, and warns of a session that can never close anything', async () => {
  const { gate, instruments } = gateScene();
  const log = new RecordingLog();
  const done = {
    run: async () => true,
    load: async () => undefined,
    start: () => undefined,
    drain: async () => undefined,
  };
  const any = done as never;
  const books = new KeepBooks(gate, new WrittenBooks(), instruments, log);
  const settings = { ...settingsOf({}), sessions: readSessions('sim=03:45-10:00,nes=03:45-10:00') ?? new Map() };
  const [states, limits, breakers, verdicts] = [any, any, any, any];
  const [releases, pruning, balances] = [any, any, any];
  rebuild = new Rebuild(
    ...([gate, any, books, instruments, states, limits, breakers, verdicts] as const),
    ...([releases, pruning, balances, settings, log, new HealthRegistry()] as const),
  );
  expect(await rebuild.run()).toBe(true);
  const fields = log.lines.map((line) => line.fields);
  expect(fields).toContainEqual({ openAfterMs: settings.approvalLifeMs + approvalGraceMs });
  expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([{ fields: { names: ['nes'] } }]);
});
