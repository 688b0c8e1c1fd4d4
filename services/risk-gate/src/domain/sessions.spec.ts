import { expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { InstrumentId } from '@scalpstorm/model';
import { readSessions, sessionsOf, unlistedSessions } from './sessions.js';

const minute = 60 * second;
const everyDay = [0, 1, 2, 3, 4, 5, 6];

it('sessions are read by venue and by instrument, with days or without', () => {
  expect(readSessions('')).toEqual(new Map());
  const sessions = readSessions(
    'nse=Mon-Fri 03:45-10:00+Sat 04:00-05:00, sim=00:00-24:00,sim:BTC-USDT=Fri-Mon 22:00-02:30',
  );
  expect(sessions).toEqual(
    new Map([
      [
        'nse',
        [
          { days: [1, 2, 3, 4, 5], from: 225 * minute, to: 600 * minute },
          { days: [6], from: 240 * minute, to: 300 * minute },
        ],
      ],
      ['sim', [{ days: everyDay, from: 0, to: 1440 * minute }]],
      ['sim:BTC-USDT', [{ days: [5, 6, 0, 1], from: 1320 * minute, to: 150 * minute }]],
    ]),
  );
});

it.each([
  ...['sim', 'sim=', 'sim=8-17', 'sim=08:00-17:60', 'sim=24:00-01:00', 'sim=08:00-08:00', 'sim=Mo 08:00-17:00'],
  ...['sim=08:00-25:00', 'sim=08:00-17:00,sim=09:00-10:00', 'SIM=08:00-17:00', 'sim=08:00-17:00+', ','],
])('%j is none', (text) => expect(readSessions(text)).toBeNull());

it('an instrument goes before its venue, and what has none never closes', () => {
  const sessions = readSessions('sim=08:00-17:00,sim:BTC-USDT=00:00-24:00') ?? new Map();
  expect(sessionsOf(sessions, InstrumentId.of('sim', 'BTC-USDT'))).toMatchObject([{ from: 0 }]);
  expect(sessionsOf(sessions, InstrumentId.of('sim', 'ETH-USDT'))).toMatchObject([{ from: 480 * minute }]);
  expect(sessionsOf(sessions, InstrumentId.of('binance', 'BTC-USDT'))).toEqual([]);
});

it('names of which nothing is listed are told, and none while nothing is listed at all', () => {
  const sessions = readSessions('nse=03:45-10:00,nes:INFY-INR=03:45-10:00,sim=00:00-01:00') ?? new Map();
  expect(unlistedSessions(sessions, new Set(['sim', 'nse']))).toEqual(['nes:INFY-INR']);
  expect(unlistedSessions(sessions, new Set())).toEqual([]);
});
