import { afterEach, expect, it } from '@jest/globals';
import { AccountId, Quantity, VenueId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aPosition, eventually } from '@scalpstorm/testkit';
import { balances, codeOf, gateScene, wish } from '../../test/gate-scene.js';
import { Balances } from '../ports/balances.js';
import { AskBalances } from './ask-balances.js';

const [play, real] = [AccountId.of('play'), AccountId.of('real')];
const venue = VenueId.of('sim');
let asking: AskBalances | null = null;

afterEach(() => asking?.onApplicationShutdown());

it('what execution says of its accounts tells the gate what they have, and whose money is play money', async () => {
  const { gate, clock } = gateScene({ RISK_VENUE_EXPOSURE_MAX: '1450' });
  const positions = [aPosition({ accountId: play, quantity: Quantity.of('0.02') })];
  gate.expectBooks();
  gate.restore([{ accountId: play, orders: [], positions }]);
  class TwoAccounts extends Balances {
    async accounts() {
      return [
        { id: play, mode: 'demo', venue },
        { id: real, mode: 'live', venue },
      ] as const;
    }
    async of() {
      return { balances: balances('5000', '0'), asOf: clock.now(), reconciled };
    }
  }
  let reconciled = true;
  const ask = () => codeOf(gate.judge(wish({ accountId: real, mode: 'live' })));
  expect(ask()).toBe('VENUE_EXPOSURE_ABOVE_MAXIMUM');
  asking = new AskBalances(gate, new TwoAccounts(), new RecordingLog());
  asking.start();
  await eventually(() => expect(ask()).toBe('APPROVED'));
  reconciled = false;
  await eventually(() => expect(ask()).toBe('ACCOUNT_NOT_RECONCILED'));
  reconciled = true;
  await eventually(() => expect(ask()).not.toBe('ACCOUNT_NOT_RECONCILED'));
});
