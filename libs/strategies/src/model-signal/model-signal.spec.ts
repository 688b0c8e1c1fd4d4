import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { ClientOrderId } from '@scalpstorm/model';
import { news, told } from '../scene.js';
import type { VenueModel } from '../testing.js';
import { modelSignal } from './model-signal.js';
import { configured, parameters, predict, prediction, world } from './scene.js';

const opened = (): VenueModel => {
  const venue = world();
  predict(venue, 0.8);
  venue.fill(1000);
  venue.deliverAll();
  return venue;
};

describe('an entry on a model', () => {
  it('is made when the expected gain after both fees is above the margin', () => {
    const venue = world();
    expect(told(predict(venue, 0.8))).toEqual([
      'open buy 0.5 at 100.01 (N000000000, ask 0)',
      'reached goes-on: MODEL_ANSWERS',
    ]);
    const [order] = venue.live;
    expect(order?.request).toMatchObject({ timeInForce: 'IOC', purpose: 'open' });
  });

  it('is not made below it, and not before there is a price', () => {
    // 80 × p − 60 × (1 − p) − 20 > 1 from p = 0.5786 on.
    expect(told(predict(world(), 0.578))).toEqual(['reached goes-on: MODEL_ANSWERS']);
    expect(told(predict(world(), 0.579))[0]).toContain('open buy');
    const blind = world();
    blind.quote = null;
    expect(told(predict(blind, 0.9))).toEqual(['reached goes-on: MODEL_ANSWERS']);
  });

  it('is not made where the market asks for more than the slippage allows', () => {
    const venue = world();
    venue.market('100', '100.05');
    expect(told(predict(venue, 0.9))).toEqual(['reached goes-on: MODEL_ANSWERS']);
  });

  it('does not rest on another model, another market or a prediction whose time is over', () => {
    const venue = world();
    const good = prediction(venue, 0.9);
    const other = exampleInstrument();
    for (const bad of [
      { ...good, model: 'other' },
      { ...good, instrumentId: `${other.id}X` as typeof other.id },
    ]) {
      venue.prediction = bad;
      expect(told(venue.hear({ kind: 'prediction' }))).toEqual(['reached waits: WAITS_FOR_MODEL']);
    }
    venue.prediction = good;
    expect(told(venue.pass(2))).toEqual(['reached waits: WAITS_FOR_MODEL']);
  });

  it('that got no answer is asked for again only with a fresh prediction', () => {
    const venue = world();
    // The request is lost on the way: nobody ever hears of it.
    const placed = predict(venue, 0.8).find((effect) => effect.kind === 'place');
    venue.orders.clear();
    expect(told(venue.pass(10))).toEqual(['reached waits: WAITS_FOR_MODEL']);
    const again = predict(venue, 0.8)
      .concat(venue.pass(0))
      .find(({ kind }) => kind === 'place');
    expect(again).toMatchObject({ kind: 'place', ask: 1, order: { clientOrderId: placed?.order.clientOrderId } });
  });
});

describe('a position', () => {
  it.each([
    ['take-profit', () => (venue: VenueModel) => venue.market('100.62', '100.63'), 'close sell 0.4995 at 100.62'],
    ['stop-loss', () => (venue: VenueModel) => venue.market('99.4', '99.41'), 'close sell 0.4995 at market'],
    ['time', () => (venue: VenueModel) => venue.pass(30), 'close sell 0.4995 at market'],
    ['signal', () => (venue: VenueModel) => predict(venue, 0.1), 'close sell 0.4995 at market'],
  ] as const)('is closed by %s', (kind, make, line) => {
    const venue = opened();
    const lines = told(make()(venue));
    expect(lines.join('\n')).toContain(line);
    venue.fill(1000);
    venue.deliverAll();
    expect([...venue.cycles.values()].map(({ exit }) => exit)).toEqual([kind]);
  });

  it('is closed by its own rules while the model is away, and nothing is opened after it', () => {
    const venue = opened();
    venue.prediction = null;
    expect(told(venue.pass(5))).toEqual(['reached waits: WAITS_FOR_MODEL']);
    venue.market('99', '99.01');
    venue.fill(1000);
    venue.deliverAll();
    expect(venue.cycles.size).toBe(1);
    for (let second = 0; second < 60; second += 1) {
      venue.pass(1);
      venue.market('100', '100.01');
    }
    expect(venue.live).toEqual([]);
    expect(told(predict(venue, 0.8))[0]).toContain('open buy');
  });

  it('is as old as the order that brought it, not as the first that found no market', () => {
    const venue = world();
    for (let second = 0; second < 40; second += 1) {
      predict(venue, 0.8);
      venue.end('expired');
      venue.deliverAll();
      venue.pass(1);
    }
    predict(venue, 0.8);
    venue.fill(1000);
    venue.deliverAll();
    venue.pass(29);
    expect(venue.live).toEqual([]);
    venue.pass(1);
    expect(venue.live.map(({ request: { purpose } }) => purpose)).toEqual(['close']);
  });

  it('stays when the opposite signal is not wanted', () => {
    const venue = world({ exitOnOpposite: false });
    predict(venue, 0.8);
    venue.fill(1000);
    news(venue);
    expect(told(predict(venue, 0.1))).toEqual(['reached goes-on: MODEL_ANSWERS']);
  });

  it('is kept by a stop, and its id goes on after a restart', () => {
    const venue = opened();
    venue.save();
    expect(told(venue.restart())).toContain('reached started: STARTED');
    venue.pass(30);
    const [live] = venue.live;
    expect(ClientOrderId.slotOf(live?.request.clientOrderId ?? ('' as ClientOrderId))).toMatchObject({
      leg: 'exit',
      cycle: 0,
    });
  });
});

describe('a restart that forgot everything', () => {
  it('leads to no second order beside the one that lives, whatever is heard of it first', () => {
    const venue = world();
    venue.denyNext = 'ORDER_RATE_EXCEEDED';
    predict(venue, 0.8);
    venue.deliverAll();
    venue.hear({ kind: 'released' });
    venue.fill(250);
    predict(venue, 0.1);
    venue.restart();
    // The news of the attempt that was denied is still under way; the signal is against what was bought.
    venue.deliver(2);
    predict(venue, 0.1);
    expect(venue.live.map(({ request: { purpose } }) => purpose)).toEqual([]);
    venue.deliverAll();
    expect(venue.live.map(({ request: { purpose } }) => purpose)).toEqual(['close']);
  });
});

describe('the parameters', () => {
  it('need a quantity alone, and default to the barriers of the model in the repository', () => {
    const [properties] = [modelSignal.schema['properties'] as Record<string, { default?: unknown }>];
    expect(
      Object.entries(properties ?? {}).flatMap(([name, { default: value }]) => (value === undefined ? [name] : [])),
    ).toEqual(['quantity']);
    expect(modelSignal.configure({ quantity: '0.5' }, exampleInstrument()).ok).toBe(true);
  });

  it('are refused all at once, with a near name', () => {
    const bad = {
      quantity: '0',
      modle: 'x',
      model: 'Upper Case',
      marginBps: '-1',
      holdSeconds: 0,
      takeProfitPercent: 3,
    };
    const result = modelSignal.configure(bad, exampleInstrument());
    expect(result.ok ? [] : result.error.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'UNKNOWN_FIELD /modle',
      'NOT_A_DECIMAL /marginBps',
      'NOT_A_MODEL /model',
      'NOT_ALLOWED /holdSeconds',
      'NOT_A_PERCENTAGE /takeProfitPercent',
    ]);
  });

  it('warn of a take-profit that the fees take', () => {
    expect(configured({ takeProfitPercent: '0.1' }).warnings.map(({ code }) => code)).toEqual(['LOSES_AFTER_FEES']);
    expect(configured(parameters).warnings).toEqual([]);
  });
});
