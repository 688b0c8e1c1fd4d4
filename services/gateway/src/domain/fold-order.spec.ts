import { describe, expect, it } from '@jest/globals';
import { createMeta } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { BotId, EventId, RiskScope } from '@scalpstorm/model';
import { aBot, anAccount } from '@scalpstorm/testkit';
import fc from 'fast-check';
import { inFoldOrder } from './fold-order.js';
import type { ProjectedEvent } from './projected-event.js';

const at = Timestamp.fromMicros(1_700_000_000_000_000);
const meta = createMeta(EventId.of('evt'), null, at, at);
const bot = (name: string, version: number): ProjectedEvent => ({
  kind: 'bot-changed',
  event: { meta, bot: aBot({ id: BotId.of(`bot_${name.repeat(8)}`), version }), deleted: false },
});
const account: ProjectedEvent = {
  kind: 'account-changed',
  event: { meta, account: anAccount(), balances: [], positions: [] },
};
const halt: ProjectedEvent = {
  kind: 'trading-state-changed',
  event: { meta, scope: RiskScope.platform, state: 'halted', text: '' },
};

describe('events that are folded together', () => {
  it('are taken in one order of their rows, however they came', () => {
    const rows = [account, bot('a', 1), bot('b', 1), bot('c', 1), halt];
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (came) => {
        expect(inFoldOrder(came.map((input) => ({ input }))).map(({ input }) => input)).toEqual(rows);
      }),
    );
  });

  it('of one row stay as they came', () => {
    const came = [bot('b', 3), bot('a', 2), bot('b', 1), bot('a', 1)].map((input) => ({ input }));
    expect(inFoldOrder(came)).toEqual([came[1], came[3], came[0], came[2]]);
  });
});
