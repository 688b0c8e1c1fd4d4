import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@scalpstorm/model';
import fc from 'fast-check';
import { type ConfiguredStrategy, type Strategy, strategies } from '../index.js';
import type { JournalRow } from './read-journal.js';
import { replayJournal } from './replay-journal.js';
import { type Act, act, acts, Kept, tried } from './scene.js';

const action = fc.record({ what: fc.constantFrom(...acts), pick: fc.nat({ max: 10_000 }) });
const opening: readonly Act[] = [
  ...Array.from({ length: 8 }, (_, pick): Act => ({ what: 'bar', pick: (pick * 77) % 200 })),
  { what: 'start', pick: 0 },
  ...Array.from({ length: 30 }, (_, at): Act[] => [
    { what: 'bar', pick: (at % 6) * 37 },
    { what: 'predict', pick: 48 },
    { what: 'market', pick: 100 + (at % 6) * 20 },
    { what: 'deliver', pick: 0 },
    { what: 'fill', pick: 2 },
    { what: 'deliver', pick: 0 },
  ]).flat(),
  { what: 'save', pick: 0 },
];

function played(id: string, actions: readonly Act[]): Kept {
  const strategy = strategies.get(id) as Strategy;
  const parameters = tried[id] as readonly [JsonObject, JsonObject];
  const kept = new Kept(strategy, parameters[0]);
  for (const one of actions) act(kept, one, parameters);
  return kept;
}

/** As an object with a prototype would be copied: the same strategy with another step. */
function planted(id: string, step: (inner: ConfiguredStrategy) => ConfiguredStrategy['step']) {
  const strategy = strategies.get(id) as Strategy;
  const changed: Strategy = {
    ...strategy,
    configure(...given) {
      const configured = strategy.configure(...given);
      return configured.ok ? { ok: true, value: { ...configured.value, step: step(configured.value) } } : configured;
    },
  };
  return new Map([...strategies, [id, changed]]);
}

describe('a journal that is replayed', () => {
  it('has a scene for every strategy', () => {
    expect(Object.keys(tried).toSorted()).toEqual([...strategies.keys()].toSorted());
  });

  it.each([...strategies.keys()])('comes out equal under any interleaving, restarts and edits: %s', (id) => {
    let [orders, starts] = [0, 0];
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120, size: 'max' }), (actions) => {
        const replayed = replayJournal(played(id, [...opening, ...actions]).journal(), strategies);
        expect(replayed.difference).toBeNull();
        expect(replayed.gaps).toEqual([]);
        orders += replayed.orders;
        starts += replayed.starts;
      }),
      { numRuns: 10 },
    );
    expect(orders).toBeGreaterThan(10);
    expect(starts).toBeGreaterThan(10);
  });

  it('tells the very step at which a strategy decides otherwise', () => {
    const journal = played('scalping-cycle', opening).journal();
    const isPlace = ({ entry }: JournalRow) =>
      (entry['did'] as JsonObject[] | undefined)?.some(({ kind }) => kind === 'place');
    const third = journal.filter(isPlace)[2] as JournalRow;
    const dearer = planted('scalping-cycle', ({ step }) => (state, event, context) => {
      const { state: next, effects } = step(state, event, context);
      const from = third.entry['at'] as number;
      const changed = effects.map((effect) =>
        effect.kind === 'place' && context.now >= from && effect.order.price !== null
          ? { ...effect, order: { ...effect.order, price: (effect.order.price + 1n) as typeof effect.order.price } }
          : effect,
      );
      return { state: next, effects: changed };
    });
    const { difference } = replayJournal(journal, dearer);
    expect(difference).toMatchObject({ number: third.number, was: third.entry['did'] });
    expect(difference?.is).not.toEqual(difference?.was);
  });

  it('tells a strategy that remembers something else where the state is kept next', () => {
    const kept = played('scalping-cycle', opening);
    kept.edit({ ...(tried['scalping-cycle']?.[0] as JsonObject), quantity: '3' });
    const forgets = planted('scalping-cycle', ({ step }) => (state, event, context) => {
      const after = step(state, event, context);
      return { ...after, state: { ...after.state, note: 'planted' } };
    });
    const { difference } = replayJournal(kept.journal(), forgets);
    expect(['checkpoint', 'edit']).toContain(difference?.heard);
  });

  it('tells a step that fails, and a strategy that is not there', () => {
    const journal = played('grid', opening).journal();
    const fails = planted('grid', () => () => {
      throw new Error('planted');
    });
    expect(replayJournal(journal, fails).difference).toMatchObject({ number: 2, is: 'it failed: planted' });
    expect(replayJournal(journal, new Map()).difference).toMatchObject({ is: 'there is no strategy "grid"' });
  });

  it('says where rows are missing, and goes on behind them', () => {
    const kept = played('scalping-cycle', opening);
    const lost = kept.rows.length;
    act(kept, { what: 'pause', pick: 0 }, [{}, {}]);
    kept.lose();
    kept.rows = kept.rows.slice(0, lost);
    act(kept, { what: 'resume', pick: 0 }, [{}, {}]);
    const replayed = replayJournal(kept.journal(), strategies);
    expect(replayed).toMatchObject({ difference: null, gaps: [{ text: 'steps before it could not be kept' }] });
    const holed = kept.journal().filter((_, at) => at !== 5);
    expect(replayJournal(holed, strategies)).toMatchObject({ difference: null, gaps: [{ number: 7 }, {}] });
    expect(replayJournal(kept.journal().slice(1), strategies)).toMatchObject({
      difference: null,
      gaps: [{ number: 2 }, {}],
    });
  });

  it('says that steps were taken that nobody kept', () => {
    const kept = played('scalping-cycle', opening);
    const before = [...kept.rows];
    act(kept, { what: 'pause', pick: 0 }, [{}, {}]);
    kept.save();
    // Somebody else ran the bot meanwhile, and wrote no journal.
    kept.forget(before);
    kept.restart();
    act(kept, { what: 'resume', pick: 0 }, [{}, {}]);
    const { gaps, difference } = replayJournal(kept.journal(), strategies);
    expect(difference).toBeNull();
    expect(gaps).toMatchObject([{ number: before.length + 1, text: expect.stringContaining('its state is another') }]);
  });

  it('says so, too, where it was edited before it took a step', () => {
    const kept = played('scalping-cycle', opening);
    const before = [...kept.rows];
    act(kept, { what: 'pause', pick: 0 }, [{}, {}]);
    kept.save();
    kept.forget(before);
    kept.takeIn();
    kept.edit({ ...(tried['scalping-cycle']?.[0] as JsonObject), quantity: '3' });
    const { gaps, difference } = replayJournal(kept.journal(), strategies);
    expect(difference).toBeNull();
    expect(gaps).toMatchObject([{ number: before.length + 1, text: expect.stringContaining('its state is another') }]);
  });

  it('begins again every so often, so that older rows may go', () => {
    const journal = played('scalping-cycle', opening).journal();
    const second = journal.findIndex(({ entry }) => entry['by'] === 'checkpoint');
    expect(second).toBeGreaterThan(0);
    expect(replayJournal(journal.slice(second), strategies)).toMatchObject({ difference: null, gaps: [] });
  });
});
