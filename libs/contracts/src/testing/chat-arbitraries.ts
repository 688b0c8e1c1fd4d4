import { modes } from '@scalpstorm/model';
import fc from 'fast-check';
import {
  type HaltSweepRequest,
  type HaltSwept,
  leftKinds,
  sweepLevels,
  type UserStanding,
  userRoles,
} from '../index.js';
import { accountId, asked, botId, count, few, orNull, text, venue, words } from './value-arbitraries.js';

export const userStanding: fc.Arbitrary<UserStanding> = fc.record({
  role: orNull(fc.constantFrom(...userRoles)),
  accounts: few(fc.record({ id: accountId, venue, mode: fc.constantFrom(...modes) })),
});
export const haltSweepRequest: fc.Arbitrary<HaltSweepRequest> = fc.record({
  ...asked,
  level: fc.constantFrom(...sweepLevels),
});
const left = fc.record({
  kind: fc.constantFrom(...leftKinds),
  id: words,
  botId: orNull(botId),
  code: words,
  text,
  next: text,
});
export const haltSwept: fc.Arbitrary<HaltSwept> = fc.record({
  bots: count,
  ordersCanceled: count,
  left: fc.record({ bots: count, orders: count, positions: count, complete: fc.boolean(), items: few(left) }),
});
