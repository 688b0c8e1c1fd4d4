import { describe, expect, it } from '@jest/globals';
import { type Plan, startPlan } from '@scalpstorm/engine';
import { Timestamp } from '@scalpstorm/kernel';
import { BotId, PlanId, type PlanTerms, Price, Quantity, UserId } from '@scalpstorm/model';
import { anAccount, anInstrument } from '@scalpstorm/testkit';
import { heldRows } from './why-open.js';

const q = Quantity.of;
const instrument = anInstrument();
const botId = BotId.of('bot_00000001');
const why = { code: 'CLOSING', text: 'an order that closes it is on its way' };
const terms: PlanTerms = {
  ...{ kind: 'bracket', side: 'buy', quantity: q('1'), target: null },
  entry: { type: 'market', price: null, timeInForce: 'IOC', trigger: null },
  stop: { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null },
};

/** A bracket that holds so much. */
function bracket(held: string, changes: Partial<Plan> = {}): Plan {
  const { id: accountId, mode } = anAccount();
  const owner = { id: PlanId.of('plan_000000000001'), userId: UserId.of('usr_1'), accountId, mode, hidden: false };
  const plan = startPlan({ ...owner, terms, instrument }, Timestamp.fromMicros(1));
  return { ...plan, folded: { ...plan.folded, opened: q(held) }, ...changes };
}
const rows = (quantity: string, plans: readonly Plan[], of: BotId | null = null, reason: typeof why | null = why) =>
  heldRows({ botId: of, instrumentId: instrument.id, quantity: q(quantity) }, plans, reason).map((row) => [
    row.botId ?? row.planId ?? 'by hand',
    Quantity.format(row.quantity),
    row.code,
  ]);

describe('what is held, and by whom', () => {
  it('is a bot’s, with what closes it, or nothing', () => {
    expect([rows('0.5', [], botId), rows('0', [], botId)]).toEqual([[[botId, '0.5', 'BOT_HOLDS']], []]);
  });

  it('is split into what open brackets see to, and what was ordered by hand', () => {
    const plan = bracket('0.4');
    expect(rows('0.5', [plan])).toEqual([
      [plan.id, '0.4', 'PLAN_HOLDS'],
      ['by hand', '0.1', 'CLOSING'],
    ]);
    const halted = bracket('0.4', { halted: 'flatten', reason: { code: 'CLOSE_NOT_TAKEN', text: 'busy' } });
    expect(rows('0.4', [halted])).toEqual([[plan.id, '0.4', 'CLOSE_NOT_TAKEN']]);
    expect(rows('0.5', [], null, null)).toEqual([['by hand', '0.5', 'NOTHING_CLOSES_IT']]);
  });

  it('is nothing where more was sold by hand than was bought here, also beside a plan that holds something', () => {
    const plan = bracket('0.4');
    expect(rows('-0.3', [])).toEqual([['by hand', '-0.3', 'SOLD_MORE_THAN_BOUGHT']]);
    expect(rows('0.1', [plan])).toEqual([
      [plan.id, '0.4', 'PLAN_HOLDS'],
      ['by hand', '-0.3', 'SOLD_MORE_THAN_BOUGHT'],
    ]);
  });
});
