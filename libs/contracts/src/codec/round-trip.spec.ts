import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as contracts from '../index.js';
import { subjectFilter, withSpeaker } from '../subject.js';
import * as arbitrary from '../testing/arbitraries.js';

const { meta, few, orNull } = arbitrary;

interface Case {
  readonly contract: contracts.Contract<unknown>;
  readonly events: fc.Arbitrary<unknown>;
}

function event<Event>(contract: contracts.Contract<Event>, events: fc.Arbitrary<Event>): Case {
  return { contract, events };
}

const events: readonly Case[] = [
  event(contracts.tradeTicked, fc.record({ meta, trade: arbitrary.trade })),
  event(contracts.quoteChanged, fc.record({ meta, quote: arbitrary.quote })),
  event(contracts.depthChanged, fc.record({ meta, depth: arbitrary.depth })),
  event(contracts.candleChanged, fc.record({ meta, candle: arbitrary.candle })),
  event(contracts.feedStatusChanged, fc.record({ meta, status: arbitrary.feedStatus })),
  event(contracts.researchJobChanged, fc.record({ meta, job: arbitrary.researchJob })),
  event(
    contracts.certificateIssued,
    fc.tuple(meta, arbitrary.certificateIssued).map(([stamp, issued]) => ({ meta: stamp, ...issued })),
  ),
  event(contracts.predictionMade, fc.record({ meta, prediction: arbitrary.prediction })),
  event(
    contracts.orderRequested,
    fc.record(
      {
        meta,
        order: arbitrary.orderRequest,
        ask: fc.nat(),
        marketAt: orNull(arbitrary.timestamp),
        validUntil: arbitrary.timestamp,
      },
      { requiredKeys: ['meta', 'order', 'ask', 'marketAt'] },
    ),
  ),
  event(contracts.orderApproved, fc.record({ meta, order: arbitrary.orderRequest, expiresAt: arbitrary.timestamp })),
  event(contracts.orderDenied, fc.record({ meta, order: arbitrary.orderRequest, denial: arbitrary.denial })),
  event(
    contracts.cancelRequested,
    fc.record({
      meta,
      accountId: arbitrary.accountId,
      clientOrderId: arbitrary.clientOrderId,
      reason: arbitrary.cancelReason,
    }),
  ),
  event(contracts.orderChanged, fc.record({ meta, order: arbitrary.order, event: arbitrary.orderEvent })),
  event(
    contracts.accountChanged,
    fc.record({
      meta,
      account: arbitrary.account,
      balances: few(arbitrary.balance),
      positions: few(arbitrary.position),
    }),
  ),
  event(
    contracts.reconciled,
    fc.record({
      meta,
      accountId: arbitrary.accountId,
      trigger: fc.constantFrom('start', 'reconnect', 'timer', 'request'),
      differences: few(arbitrary.difference),
      clean: fc.boolean(),
    }),
  ),
  event(
    contracts.tradingStateChanged,
    fc.record({
      meta,
      scope: arbitrary.riskScope,
      state: arbitrary.tradingState,
      text: arbitrary.text,
      by: arbitrary.text,
      level: arbitrary.haltLevel,
    }),
  ),
  event(contracts.botChanged, fc.record({ meta, bot: arbitrary.bot, deleted: fc.boolean() })),
  event(
    contracts.cycleCompleted,
    fc.record(
      {
        meta,
        userId: arbitrary.userId,
        cycle: arbitrary.cycle,
        amends: fc.boolean(),
        accountId: arbitrary.accountId,
      },
      { requiredKeys: ['meta', 'userId', 'cycle', 'amends'] },
    ),
  ),
  event(contracts.activityLogged, fc.record({ meta, activity: arbitrary.activity })),
  event(
    contracts.auditAnchored,
    fc.record({
      meta,
      service: fc.constantFrom('execution', 'gateway'),
      chain: fc.constantFrom('orders-demo', 'access'),
      mark: arbitrary.auditMark,
    }),
  ),
  event(
    contracts.liveChanged,
    fc.record({
      meta,
      teller: arbitrary.id,
      number: arbitrary.largeCount,
      change: orNull(arbitrary.liveChange),
    }),
  ),
];

describe('an event', () => {
  for (const { contract, events: arbitraryEvent } of events) {
    it(`${contract.name} comes back from the wire as it was, on a subject of its contract`, () => {
      const pattern = subjectFilter(withSpeaker(contract.subject, 'strategy')).split('.');
      fc.assert(
        fc.property(arbitraryEvent, (value) => {
          expect(contract.decode(contract.encode(value))).toEqual(value);
          const routed = withSpeaker(contract.route(value), 'strategy').split('.');
          expect(routed).toHaveLength(pattern.length);
          for (const [index, token] of pattern.entries()) if (token !== '*') expect(routed[index]).toBe(token);
        }),
      );
    });
  }

  it('of every registered kind is covered here', () => {
    const registered = contracts.registeredMessages.filter(({ askedBy }) => askedBy === null);
    expect(events.map(({ contract }) => contract.name).sort()).toEqual(registered.map(({ name }) => name).sort());
  });
});

it('a row that is too long for a message travels without itself', () => {
  const [told] = fc.sample(fc.record({ meta, teller: arbitrary.id, number: arbitrary.largeCount }), 1);
  if (told === undefined) throw new Error('fast-check gave nothing');
  const sent = (text: string): contracts.LiveChanged => ({
    ...told,
    change: { channel: 'bots', userId: null, at: told.meta.occurredAt, row: { text }, entity: null },
  });
  const rowOf = (text: string) => contracts.liveChanged.decode(contracts.liveChanged.encode(sent(text))).change?.row;
  expect(rowOf('short')).toEqual({ text: 'short' });
  expect(rowOf('x'.repeat(contracts.liveRowCharactersMax))).toBeNull();
});

interface Asked {
  readonly question: contracts.Question<unknown, unknown>;
  readonly requests: fc.Arbitrary<unknown>;
  readonly replies: fc.Arbitrary<unknown>;
}

function question<Request, Reply>(
  asked: contracts.Question<Request, Reply>,
  requests: fc.Arbitrary<Request>,
  replies: fc.Arbitrary<Reply>,
): Asked {
  return { question: asked, requests, replies };
}

const questions: readonly Asked[] = [
  question(contracts.botQuestion, arbitrary.botCommand, arbitrary.botAnswer),
  question(contracts.journalQuestion, arbitrary.journalRequest, arbitrary.journalPage),
  question(contracts.strategiesQuestion, fc.constant({}), fc.record({ strategies: arbitrary.strategies })),
  question(
    contracts.instrumentsQuestion,
    fc.record({ instrumentId: orNull(arbitrary.instrumentId) }),
    fc.record({
      instruments: few(arbitrary.instrument),
      lastPrices: few(fc.record({ instrumentId: arbitrary.instrumentId, price: arbitrary.price })),
    }),
  ),
  question(
    contracts.recentCandlesQuestion,
    arbitrary.candlesRequest.map(({ instrumentId, timeframe }) => ({ instrumentId, timeframe })),
    fc.record({ candles: few(arbitrary.candle) }),
  ),
  question(contracts.riskQuestion, arbitrary.riskCommand, arbitrary.riskAnswer),
  question(
    contracts.accountQuestion,
    fc.oneof(
      fc.constant({ kind: 'list' as const, accountId: '' }),
      fc.record({ kind: fc.constantFrom('get', 'reconcile'), accountId: arbitrary.accountId }),
      fc.record({
        kind: fc.constant('fees' as const),
        accountId: arbitrary.accountId,
        instrumentId: arbitrary.instrumentId,
      }),
    ),
    arbitrary.answerOf(
      fc.record({
        accounts: few(arbitrary.account),
        balances: few(arbitrary.balance),
        positions: few(arbitrary.position),
        reconciled: fc.boolean(),
        differences: few(arbitrary.difference),
        fees: few(arbitrary.feeRates),
        balancesAsOf: fc.option(arbitrary.timestamp),
      }),
    ),
  ),
  question(contracts.executionAuditQuestion, arbitrary.auditRequest, arbitrary.answerOf(arbitrary.auditValue)),
  question(contracts.riskAuditQuestion, arbitrary.auditRequest, arbitrary.answerOf(arbitrary.auditValue)),
  question(
    contracts.venueAccountQuestion,
    arbitrary.venueAccountRequest,
    arbitrary.answerOf(arbitrary.venueAccountStanding),
  ),
  question(
    contracts.orderPlanQuestion,
    arbitrary.orderPlanRequest,
    arbitrary.answerOf(arbitrary.few(arbitrary.orderPlan)),
  ),
  question(
    contracts.reconciliationQuestion,
    arbitrary.reconciliationRequest,
    arbitrary.answerOf(arbitrary.reconciliationStanding),
  ),
  question(contracts.flatQuestion, arbitrary.flatRequest, arbitrary.flatness),
  question(
    contracts.notificationsQuestion,
    arbitrary.notificationCommand,
    arbitrary.answerOf(arbitrary.notificationProfile),
  ),
  question(contracts.userStandingQuestion, fc.record({ userId: arbitrary.userId }), arbitrary.userStanding),
  question(contracts.haltSweepQuestion, arbitrary.haltSweepRequest, arbitrary.answerOf(arbitrary.haltSwept)),
  question(contracts.researchQuestion, arbitrary.researchRequest, arbitrary.answerOf(arbitrary.researchValue)),
  question(contracts.candlesQuestion, arbitrary.candlesRequest, arbitrary.answerOf(few(arbitrary.candle))),
  question(contracts.inferenceQuestion, arbitrary.inferenceRequest, arbitrary.answerOf(arbitrary.inferenceValue)),
];

describe('a question', () => {
  for (const { question: asked, requests, replies } of questions) {
    it(`${asked.name} and its reply come back from the wire as they were`, () => {
      fc.assert(
        fc.property(requests, replies, (request, reply) => {
          expect(asked.request.decode(asked.request.encode(request))).toEqual(request);
          expect(asked.reply.decode(asked.reply.encode(reply))).toEqual(reply);
        }),
      );
    });
  }

  it('of every registered kind is covered here', () => {
    const registered = contracts.registeredMessages.filter(({ askedBy }) => askedBy !== null);
    expect(questions.map(({ question: { name } }) => name).sort()).toEqual(registered.map(({ name }) => name).sort());
  });
});
