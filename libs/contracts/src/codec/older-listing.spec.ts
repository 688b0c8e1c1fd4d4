import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InstrumentsReplySchema } from '../generated/scalpstorm/market/v1/market_pb.js';
import { instrument } from '../testing/market-arbitraries.js';
import { instrumentsQuestion } from './market.js';

it('a listing from before orders at the market had a maximum of their own has one maximum', () => {
  fc.assert(
    fc.property(instrument, (listed) => {
      const message = fromBinary(
        InstrumentsReplySchema,
        instrumentsQuestion.reply.encode({ instruments: [listed], lastPrices: [] }),
      );
      for (const each of message.instruments) each.marketQuantityMax = undefined;
      const { instruments } = instrumentsQuestion.reply.decode(toBinary(InstrumentsReplySchema, message));
      expect(instruments).toEqual([{ ...listed, marketQuantityMax: listed.quantityMax }]);
    }),
  );
});
