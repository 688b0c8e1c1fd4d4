import { describe, expect, it } from '@jest/globals';
import { nearest } from '@scalpstorm/kernel';
import { BotId } from '@scalpstorm/model';
import { aBot } from '@scalpstorm/testkit';
import { chatCommands, parseChatCommand } from './chat-command.js';
import { choose } from './choose-bots.js';

describe('a command', () => {
  it.each([
    ['/status', { name: 'status', argument: '' }],
    ['/STOP  my bot ', { name: 'stop', argument: 'my bot' }],
    ['/halt@scalpstorm_bot too risky', { name: 'halt', argument: 'too risky' }],
    ['hello', null],
    ['stop all', null],
    ['/', null],
    ['/stop;all', null],
  ])('%j is %j', (text, command) => {
    expect(parseChatCommand(text)).toEqual(command);
  });

  it('that was mistyped is named, and a strange one is not', () => {
    const names = chatCommands.map(({ name }) => name);
    expect(['staus', 'sttop', 'ahlt', 'porfit', 'resmue'].map((typed) => nearest(typed, names))).toEqual([
      'status',
      'stop',
      'halt',
      'profit',
      'resume',
    ]);
    expect(nearest('forcebuy', names)).toBeNull();
  });
});

describe('the bots that are meant', () => {
  const running = aBot({ id: BotId.of('bot_aaaaaaaa'), config: { ...aBot().config, name: 'grid' } });
  const stopped = aBot({
    id: BotId.of('bot_bbbbbbbb'),
    observed: 'stopped',
    config: { ...aBot().config, name: 'Scalper' },
  });
  const bots = [running, stopped];

  it('are found by name in any writing, and by id', () => {
    expect(choose('stop', 'SCALPER', bots)).toMatchObject({ intent: { bots: [{ name: 'Scalper' }] } });
    expect(choose('stop', 'bot_aaaaaaaa', bots)).toMatchObject({ intent: { bots: [{ name: 'grid' }] } });
  });

  it('are, with all, those for which it makes sense', () => {
    expect(choose('pause', 'all', bots)).toMatchObject({ intent: { bots: [{ name: 'grid' }] } });
    expect(choose('resume', 'all', bots)).toMatchObject({
      says: [{ text: 'Resume would change nothing: no bot of yours is paused or pausing.' }],
    });
  });

  it('are never guessed', () => {
    expect(choose('stop', 'gird', bots)).toMatchObject({
      says: [{ text: 'You have no bot gird. Did you mean /stop grid?' }, {}],
    });
    expect(choose('stop', '', bots)).toHaveProperty('says');
  });
});
