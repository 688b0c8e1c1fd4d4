import { describe, expect, test } from '@jest/globals';
import { helpText, nearest, parseOptions } from './launcher/options.mjs';

function failure(args) {
  try {
    parseOptions(args);
  } catch (error) {
    return error;
  }
  throw new Error('the options were accepted');
}

describe('options of npm start', () => {
  test('without any, five bots that take turns, three over bars and a grid trade on a synthetic market', () => {
    expect(parseOptions([])).toMatchObject({
      market: 'synthetic',
      bots: 5,
      barBots: 3,
      gridBot: true,
      speed: 1,
      seed: 1,
      check: false,
      json: false,
    });
  });

  test('bots over bars and the grid come by themselves only where nothing is said of bots, and a market is simulated', () => {
    expect(parseOptions(['--bots', '2'])).toMatchObject({ bots: 2, barBots: 0, gridBot: false });
    expect(parseOptions(['--bots', '2', '--bar-bots', '1'])).toMatchObject({ bots: 2, barBots: 1, gridBot: false });
    expect(parseOptions(['--bots', '0', '--grid-bot'])).toMatchObject({ bots: 0, barBots: 0, gridBot: true });
    expect(parseOptions(['--file', 'a.gz'])).toMatchObject({ bots: 5, barBots: 0, gridBot: false });
    expect(failure(['--bar-bots', '4']).code).toBe('INVALID_OPTION');
  });

  test('a value stands after a blank or after an equals sign', () => {
    expect(parseOptions(['--seed', '7', '--speed=2.5'])).toMatchObject({ seed: 7, speed: 2.5 });
  });

  test('strategies of one’s own are in a folder, which nobody names by default', () => {
    expect(parseOptions(['--strategies', 'mine']).strategies).toBe('mine');
    expect(parseOptions([]).strategies).toBeUndefined();
  });

  test('a capture implies the recorded market', () => {
    expect(parseOptions(['--file', 'a.gz'])).toMatchObject({ market: 'recorded', file: 'a.gz' });
  });

  test('an unknown option names the one that was probably meant, and ends with 2', () => {
    const error = failure(['--sede', '1']);
    expect(error).toMatchObject({ code: 'UNKNOWN_OPTION', exitCode: 2, where: '--sede' });
    expect(error.next).toContain('did you mean --seed?');
  });

  test('an option like no other points to the help', () => {
    expect(failure(['--quixotic']).next).toContain('--help');
  });

  test.each([
    [['--seed', '-1'], '--seed'],
    [['--seed', '1.5'], '--seed'],
    [['--speed', 'fast'], '--speed'],
    [['--bots', '501'], '--bots'],
    [['--port', '65536'], '--port'],
    [['--market', 'live'], '--market'],
    [['--market', 'recorded'], '--file'],
    [['--market', 'synthetic', '--file', 'a.gz'], '--market'],
    [['--name', '../x'], '--name'],
    [['--name'], '--name'],
    [['--strategies'], '--strategies'],
    [['--strategies='], '--strategies'],
    [['--check=yes'], '--check'],
    [['--json'], '--json'],
  ])('%j is refused, naming the option and what is allowed', (args, option) => {
    const error = failure(args);
    expect(error).toMatchObject({ code: 'INVALID_OPTION', where: option, exitCode: 2 });
    expect(error.next).toMatch(/^give ./);
  });

  test('the help lists every option that the documents name', () => {
    const promised = [
      '--check',
      '--json',
      '--market',
      '--file',
      '--speed',
      '--seed',
      '--bots',
      '--port',
      '--reset',
      '--strategies',
    ];
    for (const option of [...promised, '--single-process', '--name']) expect(helpText).toContain(option);
  });

  test('of two near words the one with the same beginning is meant', () => {
    expect(nearest('--seeed', ['--speed', '--seed'])).toBe('--seed');
    expect(nearest('--xyz', ['--speed', '--seed'])).toBeUndefined();
  });
});
