import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InstrumentsReplySchema } from '../generated/scalpstorm/market/v1/market_pb.js';
import { instrument } from '../testing/market-arbitraries.js';
import { instrumentsQuestion } from './market.js';

it('a listing from before orders at the market had rules of their own has the same for all', () => {
  fc.assert(
    fc.property(instrument, (listed) => {
      const message = fromBinary(
        InstrumentsReplySchema,
        instrumentsQuestion.reply.encode({ instruments: [listed], lastPrices: [] }),
      );
      for (const each of message.instruments) {
        each.marketQuantityMax = undefined;
        each.marketStepSize = undefined;
        each.marketQuantityMin = undefined;
        each.marketNotionalMax = undefined;
      }
      const { instruments } = instrumentsQuestion.reply.decode(toBinary(InstrumentsReplySchema, message));
      expect(instruments).toEqual([
        {
          ...listed,
          marketQuantityMax: listed.quantityMax,
          marketStepSize: listed.stepSize,
          marketQuantityMin: listed.quantityMin,
          marketNotionalMax: null,
        },
      ]);
    }),
  );
});
