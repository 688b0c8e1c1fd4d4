import { expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import { VenueId } from '@scalpstorm/model';
import { RecordingFeedListener } from '@scalpstorm/venue-api/testing';
import { InstrumentChannel } from './instrument-channel.js';
import { resolveOptions } from './options.js';
import { parsePublicEvent } from './parse-market.js';
import type { BinanceRest } from './rest.js';
import { clock, instrumentId } from './testing/scripted-parts.js';

it('tells no quote before it is subscribed, so that none is told again with the snapshot', async () => {
  const heard = new RecordingFeedListener();
  const snapshot = { last: 7, bids: [], asks: [], askedAt: clock.now() };
  const rest = { venueTime: () => clock.now(), ask: async () => snapshot } as unknown as BinanceRest;
  const options = resolveOptions({
    venue: VenueId.of('sim'),
    addresses: { rest: 'http://127.0.0.1:1', spotWs: 'ws://127.0.0.1:1', wsApi: 'ws://127.0.0.1:1' },
    clock,
    rng: seededRng(1),
  });
  const channel = new InstrumentChannel(instrumentId, 'BTCUSDT', heard, { rest, options, restart: () => undefined });
  const tell = (payload: object) => {
    const event = parsePublicEvent(payload);
    if ('symbol' in event) channel.hear(event);
  };
  const quote = { s: 'BTCUSDT', u: 7, b: '10', B: '1', a: '11', A: '1' };
  tell(quote);
  channel.subscribed();
  tell(quote);
  expect(heard.quotes.map(({ sequence }) => sequence)).toEqual([7]);
  channel.stop();
});
