import { exampleInstrument } from '@scalpstorm/engine/testing';
import { Timestamp, unwrap } from '@scalpstorm/kernel';
import type { JsonObject, Prediction } from '@scalpstorm/model';
import type { ConfiguredStrategy } from '../sdk/define.js';
import { VenueModel } from '../testing.js';
import { modelSignal } from './model-signal.js';

export const parameters: JsonObject = {
  quantity: '0.5',
  marginBps: '1',
  takeProfitPercent: '0.6',
  stopLossPercent: '0.6',
  holdSeconds: 30,
};

export const configured = (changes: JsonObject = {}): ConfiguredStrategy =>
  unwrap(modelSignal.configure({ ...parameters, ...changes }, exampleInstrument()));

/** The fees of a round trip in this instrument are 20 basis points: 0.8 is worth 80 × 0.8 − 60 × 0.2 − 20 = 32. */
export function prediction(venue: VenueModel, up: number, validSeconds = 1, down = 1 - up): Prediction {
  return {
    instrumentId: venue.instrument.id,
    model: 'direction',
    version: '1',
    up: { probability: up, winBps: 80, lossBps: 60 },
    down: { probability: down, winBps: 80, lossBps: 60 },
    horizon: 8e6,
    occurredAt: venue.now,
    validUntil: Timestamp.plus(venue.now, validSeconds * 1e6),
  };
}

/** A venue whose market stands at 100 to 100.01, and a bot that was started. */
export function world(changes: JsonObject = {}): VenueModel {
  const venue = new VenueModel(configured(changes));
  venue.market('100', '100.01');
  venue.command({ kind: 'started' });
  return venue;
}

export function predict(venue: VenueModel, up: number, validSeconds?: number, down?: number) {
  venue.prediction = prediction(venue, up, validSeconds, down);
  return venue.hear({ kind: 'prediction' });
}
