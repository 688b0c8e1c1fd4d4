import { describe, expect, test } from '@jest/globals';
import { nameRefusal } from './bot-name.js';

describe('the name of a bot', () => {
  test.each(['ab', 'grid-eth', '1m-scalper', 'a'.repeat(39)])('%s is one', (name) => {
    expect(nameRefusal(name)).toBeNull();
  });

  test.each([
    ['a', 'Choose another name.'],
    ['', 'Choose another name.'],
    ['Grid ETH', 'Use "grid-eth".'],
    ['-grid', 'Use "grid".'],
    ['größe', 'Use "gr-e".'],
    ['x'.repeat(60), `Use "${'x'.repeat(39)}".`],
  ])('%s is none, and the next step is told', (name, next) => {
    const refusal = nameRefusal(name);
    expect(refusal).toMatchObject({ code: 'INVALID_NAME', field: '/name', next });
  });
});
