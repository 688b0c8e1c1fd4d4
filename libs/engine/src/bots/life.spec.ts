import { describe, expect, it } from '@jest/globals';
import { botVerbs, type ObservedState, observedStates } from '@scalpstorm/model';
import fc from 'fast-check';
import { at } from '../testing.js';
import { type BotLife, type BotLifeEvent, type BotLifeEventKind, changeLife, life } from './life.js';

const reason = { code: 'WHY', text: 'because' };
const messages = ['started', 'paused', 'stopped', 'finished', 'auto-stopped', 'failed'] as const;
const kinds: readonly BotLifeEventKind[] = [...botVerbs, ...messages, 'restarted'];
const event = (kind: BotLifeEventKind): BotLifeEvent => ({ kind, reason }) as BotLifeEvent;
const bot = (changes: Partial<BotLife> = {}): BotLife => ({
  desired: 'running',
  observed: 'running',
  reason,
  since: at(0),
  ...changes,
});

describe('the life of a bot', () => {
  it('is this table (= nothing new; what is absent is refused)', () => {
    const rows = observedStates.map((state) => {
      const cells = kinds.flatMap((kind) => {
        const step = life[state][kind];
        return step === undefined ? [] : [`${kind} ${step === 'same' ? '=' : step}`];
      });
      return `${state}: ${cells.join(', ')}`;
    });
    expect(rows.join('\n')).toMatchInlineSnapshot(`
"starting: start =, pause pausing, resume =, stop stopping, flatten flattening, started running, paused =, stopped =, finished stopped, auto-stopped stopped, failed error, restarted =
running: start =, pause pausing, resume =, stop stopping, flatten flattening, started =, paused =, stopped stopped, finished stopped, auto-stopped stopped, failed error, restarted =
pausing: start starting, pause =, resume starting, stop stopping, flatten flattening, started =, paused paused, stopped stopped, finished stopped, auto-stopped stopped, failed error, restarted =
paused: start starting, pause =, resume starting, stop stopping, flatten flattening, started =, paused =, stopped stopped, finished stopped, auto-stopped stopped, failed error, restarted =
stopping: stop =, flatten flattening, started =, paused =, stopped stopped, finished stopped, auto-stopped stopped, failed error, restarted =
flattening: stop stopping, flatten =, started =, paused =, stopped stopped, finished stopped, auto-stopped stopped, failed error, restarted =
stopped: start starting, stop =, flatten flattening, started =, paused =, stopped =, finished =, auto-stopped =, failed error, restarted =
error: start starting, stop stopping, flatten flattening, started =, paused =, stopped =, finished stopped, auto-stopped stopped, failed =, restarted ="
`);
  });

  it.each(observedStates.flatMap((state) => kinds.map((kind) => [state, kind] as const)))(
    'in %s, %s does what the table says',
    (observed, kind) => {
      const result = changeLife(bot({ observed }), event(kind), at(1));
      const step = life[observed][kind];
      const verb = botVerbs.some((known) => known === kind);
      if (step === undefined) expect(result.ok).toBe(!verb);
      else expect(result).toMatchObject({ ok: true, value: { observed: step === 'same' ? observed : step } });
    },
  );

  it('shows what a bot with something to do waits for, once, and its end only where it showed', () => {
    const waits = { kind: 'waits', reason: { code: 'WAITS_FOR_MODEL', text: 'no prediction' } } as const;
    const goesOn = { kind: 'goes-on', reason: { code: 'MODEL_IS_BACK', text: 'it is' } } as const;
    const after = (life: BotLife, event: BotLifeEvent) => {
      const result = changeLife(life, event, at(1));
      if (!result.ok) throw new Error(result.error.code);
      return result.value;
    };
    const waiting = after(bot(), waits);
    expect(waiting).toEqual({ ...bot(), reason: waits.reason, since: at(1) });
    expect(after(waiting, waits)).toBe(waiting);
    expect(after(waiting, goesOn)).toMatchObject({ observed: 'running', reason: goesOn.reason });
    const running = bot();
    expect(after(running, goesOn)).toBe(running);
    const halted = bot({ reason: { code: 'TRADING_HALTED', text: '' } });
    expect(after(halted, waits)).toBe(halted);
    const busy: readonly ObservedState[] = ['running', 'pausing', 'paused', 'flattening'];
    for (const observed of observedStates) {
      const other = bot({ observed });
      const shown = busy.includes(observed) ? { ...other, reason: waits.reason, since: at(1) } : other;
      expect(after(other, waits)).toEqual(shown);
    }
  });

  it('gives the same object back when a command is repeated', () => {
    const before = bot();
    expect(changeLife(before, { kind: 'start' }, at(1))).toEqual({ ok: true, value: before });
    const result = changeLife(before, { kind: 'start' }, at(1));
    expect(result.ok && result.value).toBe(before);
  });

  it('says which verbs would be taken', () => {
    expect(changeLife(bot({ observed: 'stopping' }), { kind: 'start' }, at(1))).toEqual({
      ok: false,
      error: {
        code: 'BOT_STOPPING',
        text: 'A bot that is stopping cannot start.',
        allowed: 'stop, flatten',
        next: 'Wait until it has stopped, then start it.',
      },
    });
  });

  it.each(['finished', 'auto-stopped', 'failed'] as const)('a bot that %s is not wanted to run again', (kind) => {
    const result = changeLife(bot(), { kind, reason }, at(1));
    expect(result).toMatchObject({ value: { desired: 'stopped', reason, since: at(1) } });
  });

  it('shows a halt and its end as reason and time of a bot at work, and of no other', () => {
    const halt: BotLifeEvent = { kind: 'halted', reason: { code: 'TRADING_HALTED', text: 'by the user' } };
    const release: BotLifeEvent = { kind: 'released', reason: { code: 'TRADING_RELEASED', text: 'go on' } };
    const apply = (before: BotLife, event: BotLifeEvent, seconds: number) => {
      const result = changeLife(before, event, at(seconds));
      if (!result.ok) throw new Error('refused');
      return result.value;
    };
    const running = bot();
    const halted = apply(running, halt, 1);
    expect(halted).toEqual({ ...running, reason: halt.reason, since: at(1) });
    expect(apply(halted, halt, 2)).toBe(halted);
    expect(apply(halted, release, 3)).toEqual({ ...running, reason: release.reason, since: at(3) });
    expect(apply(running, release, 3)).toBe(running);
    const reduce: BotLifeEvent = { kind: 'halted', reason: { code: 'TRADING_REDUCING', text: 'calm down' } };
    const reducing = apply(halted, reduce, 4);
    expect(reducing).toEqual({ ...running, reason: reduce.reason, since: at(4) });
    expect(apply(reducing, release, 5)).toEqual({ ...running, reason: release.reason, since: at(5) });
    const stopped = bot({ desired: 'stopped', observed: 'stopped' });
    expect(apply(stopped, halt, 1)).toBe(stopped);
  });

  it('remembers a wish to pause that comes while it starts', () => {
    const result = changeLife(bot({ observed: 'starting' }), { kind: 'pause' }, at(1));
    expect(result).toMatchObject({ value: { desired: 'paused', observed: 'pausing' } });
  });

  it('what is wanted follows the last accepted verb, or is stopped because the bot ended', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds)), (events) => {
        let now = bot({ desired: 'stopped', observed: 'stopped' });
        for (const kind of events) {
          const result = changeLife(now, event(kind), at(1));
          if (!result.ok) continue;
          const ended = result.value.observed === 'stopped' || result.value.observed === 'error';
          if (kind === 'start' || kind === 'resume') expect(result.value.desired).toBe('running');
          if (ended) expect(result.value.desired).toBe('stopped');
          now = result.value;
        }
      }),
    );
  });
});
