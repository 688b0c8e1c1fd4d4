import { expect, test } from '@jest/globals';
import { NoAnswer, SendFailed } from './bus.js';
import { isWeather } from './weather.js';

const coded = (code: string) => Object.assign(new Error(code), { code });
const named = (name: string) => Object.assign(new Error(name), { name });

test.each([
  ...['STORE_UNAVAILABLE', 'COMMIT_UNKNOWN', 'ECONNREFUSED', 'VENUE_TIMEOUT'].map(coded),
  ...['40001', '40P01', '53300', '57P01', '57014', '08006'].map(coded),
  named('LeaseHeld'),
  new NoAnswer('TIMEOUT', 'instruments'),
  new SendFailed('UNACKNOWLEDGED', 'order.changed'),
  Object.assign(new Error('not today'), { weather: true }),
  new TypeError('fetch failed', { cause: coded('ECONNRESET') }),
])('%s is weather', (error) => expect(isWeather(error)).toBe(true));

test.each([
  new TypeError('undefined is not a function'),
  ...['23505', '42P01', '22003', 'VENUE_AUTH_REFUSED'].map(coded),
  new NoAnswer('REFUSED', 'instruments'),
  new SendFailed('REFUSED', 'order.changed'),
  'a text',
  null,
])('%s is not', (error) => expect(isWeather(error)).toBe(false));

test('an error that is its own cause does not hang', () => {
  const error = new Error('round');
  error.cause = error;
  expect(isWeather(error)).toBe(false);
});
