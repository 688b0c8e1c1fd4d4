import { beforeEach, describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { ClientOrderId, RiskScope } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import type { PlaceOutcome } from '@scalpstorm/venue-api';
import { settled } from '../../test/execution-parts.js';
import { close, open, stop, triggerStage } from '../../test/trigger-stage.js';

type Stage = Awaited<ReturnType<typeof triggerStage>>;

const weather: PlaceOutcome = { kind: 'rejected', code: 'RATE_LIMITED', text: 'our budget is spent', retryable: true };

describe('an order whose trigger was reached here', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await triggerStage();
  });

  /** The venue is away for so many requests. */
  const awayFor = (requests: number) => {
    const { venue } = stage.parts;
    venue.onPlace = (request) => (venue.placed.length <= requests ? weather : venue.accept(request));
  };

  it('is sent again where weather kept it back, each time with a new mark, until the venue has it', async () => {
    const { parts, emulate, quote } = stage;
    awayFor(3);
    await emulate(close);
    await quote('90', '91');
    // The market is above its trigger again: it was reached all the same.
    await quote('110', '111');
    await settled(() => parts.stored(close).status === 'accepted');
    expect(parts.stored(close).status).toBe('accepted');
    expect(parts.venue.placed).toHaveLength(4);
    expect(parts.pause.waited).toEqual([250, 500, 1_000]);
    const kinds = parts.ledger.storage.commits.flatMap((batch) => batch.events.map(({ event }) => event.kind));
    expect(kinds).toEqual(['emulated', 'released', 'sending', 'sending', 'sending', 'sending', 'accepted']);
  });

  it('that is looked up and sent again for long keeps no other order of its account in doubt', async () => {
    const { parts, emulate, quote } = stage;
    const doubtful = anOrderRequest({ clientOrderId: ClientOrderId.of('doubtful') });
    parts.venue.onPlace = () => ({ kind: 'unknown', code: 'TIMEOUT', text: 'no answer' });
    await emulate(close);
    await quote('90', '91');
    await settled(() => parts.stored(close).status === 'unknown');
    parts.venue.onPlace = () => weather;
    parts.pause.meanwhile = () => new Promise(() => undefined);
    parts.clock.advance(11 * second);
    void parts.resolveUnknown.round();
    await settled(() => parts.pause.waited.length === 1);
    parts.venue.onPlace = () => ({ kind: 'unknown', code: 'TIMEOUT', text: 'no answer' });
    await parts.approve(doubtful);
    await settled(() => parts.stored(doubtful).status === 'unknown');
    await settled(() => !parts.placeOrder.isInFlight(doubtful.clientOrderId));
    parts.venue.accept(doubtful);
    parts.clock.advance(second);
    void parts.resolveUnknown.round();
    await settled(() => parts.stored(doubtful).status === 'accepted');
    expect([parts.pause.waited.length, parts.stored(doubtful).status]).toEqual([1, 'accepted']);
  });

  it('is not sent again while its account sends nothing, and goes when it may', async () => {
    const { parts, emulate, quote } = stage;
    const { accountId } = close;
    awayFor(1);
    const sent: number[] = [];
    parts.pause.meanwhile = () => {
      sent.push(parts.venue.placed.length);
      if (sent.length === 1)
        parts.states.concluded(accountId, { kind: 'held', code: 'VENUE_FORGOT_ORDERS', text: '' }, 0);
      if (sent.length === 5) parts.states.concluded(accountId, null, 0);
    };
    await emulate(close);
    await quote('90', '91');
    for (let turn = 0; turn < 5; turn += 1) await settled(() => parts.stored(close).status === 'accepted');
    expect([sent, parts.stored(close).status]).toEqual([[1, 1, 1, 1, 1], 'accepted']);
    expect(parts.venue.placed).toHaveLength(2);
  });

  it('is not sent again when somebody cancels it meanwhile', async () => {
    const { parts, emulate, quote } = stage;
    awayFor(100);
    parts.pause.meanwhile = async () => {
      await parts.cancelRequested.handle(parts.cancellation(close));
    };
    await emulate(close);
    await quote('90', '91');
    await settled(() => parts.stored(close).status === 'rejected');
    expect(parts.venue.placed).toHaveLength(1);
    expect(parts.stored(close)).toMatchObject({ status: 'rejected', cancelReason: 'stop' });
  });

  it('ends with a refusal that will not pass, with one of an opening order, and after a quarter of an hour', async () => {
    for (const [order, outcome, requests] of [
      [close, { ...weather, code: 'INSUFFICIENT_BALANCE', retryable: false }, 1],
      [open, weather, 1],
      [close, weather, 101],
    ] as const) {
      stage = await triggerStage();
      const { parts, emulate, quote } = stage;
      parts.venue.onPlace = () => outcome;
      await emulate(order);
      await (order === open ? quote('110', '111') : quote('90', '91'));
      for (let turn = 0; turn < 20; turn += 1) await settled(() => parts.stored(order).status === 'rejected');
      expect(parts.stored(order)).toMatchObject({ status: 'rejected', reason: { code: outcome.code } });
      expect(parts.venue.placed).toHaveLength(requests);
    }
  });

  it('is sent without its trigger, also where the venue could watch it by now', async () => {
    const { parts, emulate, quote } = stage;
    await emulate(close);
    parts.venue.lackOf = () => null;
    await quote('90', '91');
    expect(parts.venue.placed.map(({ request }) => request.trigger)).toEqual([undefined]);
  });

  it('that a halt caught after its mark ends also where that could not be stored at once', async () => {
    const { parts, emulate, quote, watch } = stage;
    await emulate(open);
    let commits = 0;
    let away = false;
    parts.ledger.storage.beforeCommit = async () => {
      commits += 1;
      if (commits === 1) {
        const since = parts.clock.now();
        await parts.halts.hear({ scope: RiskScope.platform, state: 'halted', text: '', since });
      }
      away ||= commits === 2;
      if (away) throw new Error('Postgres is away');
    };
    await quote('110', '111');
    await settled();
    expect(parts.stored(open).status).toBe('sending');
    away = false;
    await watch.look();
    expect(parts.stored(open)).toMatchObject({ status: 'expired', reason: { code: 'TRADING_HALTED' } });
    expect(parts.venue.placed).toEqual([]);
  });

  it('is not taken when its bot holds less than it gives back', async () => {
    const { parts } = stage;
    const bought = anOrderRequest({ clientOrderId: ClientOrderId.of('bought') });
    await parts.rest(bought);
    const half = { quantity: anOrderRequest().quantity } as const;
    parts.venueReport
      .listenerFor(close.accountId)
      .onFill(
        parts.fillOf(bought, '1', half),
        parts.venue.view(bought, { status: 'filled', filledQuantity: bought.quantity }),
      );
    await settled(() => parts.stored(bought).status === 'filled');
    const tooMuch = { ...close, trigger: stop, quantity: (bought.quantity + 1n) as typeof bought.quantity };
    await parts.approve(tooMuch);
    expect(parts.stored(tooMuch)).toMatchObject({ status: 'denied', reason: { code: 'EXCEEDS_POSITION' } });
  });
});
