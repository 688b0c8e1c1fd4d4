import { expect, it } from '@jest/globals';
import { isEverybodys, scopeWords, speakerWords } from './scope-words.js';

const names = new Map([['bot_1', 'calm']]);

it('names a bot as its owner does, and everything else by what it is', () => {
  expect(scopeWords('bot:bot_1', names)).toBe('the bot calm');
  expect(scopeWords('bot:bot_gone', names)).toBe('the bot bot_gone');
  expect(scopeWords('venue:sim', names)).toBe('the venue sim');
  expect(scopeWords('account:demo', names)).toBe('the account demo');
  expect(scopeWords('instrument:sim:BTC-USDT', names)).toBe('the market sim:BTC-USDT');
  expect(scopeWords('user:usr_2', names, 'usr_1')).toBe('the user usr_2');
  expect(scopeWords('user:usr_1', names, 'usr_1')).toBe('all of yours');
  expect(scopeWords('platform', names)).toBe('the whole platform');
});

it('knows what belongs to everybody', () => {
  expect(
    ['platform', 'venue:sim', 'instrument:sim:BTC-USDT', 'account:demo', 'user:usr_1', 'bot:bot_1'].filter(
      isEverybodys,
    ),
  ).toEqual(['platform', 'venue:sim', 'instrument:sim:BTC-USDT']);
});

it('says who holds something back: one’s own word, a circuit breaker, or whose name it is', () => {
  expect(speakerWords('usr_1', 'usr_1')).toBe('you');
  expect(speakerWords('breaker:losses-in-a-row', 'usr_1')).toBe('the circuit breaker of losses in a row');
  expect(speakerWords('usr_2', 'usr_1')).toBe('usr_2');
  expect(speakerWords('', undefined)).toBe('');
});
