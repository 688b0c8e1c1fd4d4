import { type Clock, millisecond, second, seededRng, Timestamp } from '@scalpstorm/kernel';
import { InstrumentId, VenueId } from '@scalpstorm/model';
import { describeVenueContract } from '@scalpstorm/venue-api/testing';
import { BinanceExecutionVenue } from './binance-execution-venue.js';
import { BinanceMarketFeed } from './binance-market-feed.js';
import type { BinanceOptions } from './options.js';
import { startSimulatedExchange } from './testing/simulated-exchange.js';

const clock: Clock = { now: () => Timestamp.fromMillis(Date.now()) };
const venue = VenueId.of('sim');
/** The discard port: nobody listens there. */
const nowhere = {
  rest: 'http://127.0.0.1:9',
  spotWs: 'ws://127.0.0.1:9/stream/ws',
  wsApi: 'ws://127.0.0.1:9/ws-api/v3',
};

describeVenueContract('binance at the simulated exchange', async () => {
  const exchange = await startSimulatedExchange();
  const options: BinanceOptions = { venue, addresses: exchange.addresses, clock, rng: seededRng(1) };
  const deadOptions = { ...options, addresses: nowhere, backoff: { first: millisecond, most: second } };
  const feed = await BinanceMarketFeed.create(options);
  const execution = await BinanceExecutionVenue.create(options, exchange.credentials);
  const deadFeed = await BinanceMarketFeed.create(deadOptions);
  const deadExecution = await BinanceExecutionVenue.create(deadOptions, exchange.credentials);
  return {
    instrumentId: InstrumentId.of('sim', 'BTC-USDT'),
    clock,
    feed,
    execution,
    deadFeed,
    deadExecution,
    close: async () => {
      await Promise.all([feed, execution, deadFeed, deadExecution].map((part) => part.close()));
      await exchange.stop();
    },
  };
});
