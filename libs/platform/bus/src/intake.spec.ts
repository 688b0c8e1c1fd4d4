import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { BrokenInvariant, Timestamp } from '@scalpstorm/kernel';
import { NoAnswer } from './bus.js';
import type { DeadLetter, Delivery } from './delivery.js';
import { Intake } from './intake.js';
import { BusMetrics } from './metrics.js';
import { done, type Outcome, poison, retry, retryAtMost } from './outcome.js';
import { hearing, type MessageContext } from './receiver.js';
import { type Note, note, noteContract } from './testing/note.js';
import { until } from './testing/until.js';

const contract = noteContract({ name: 'Note', subject: 'order.requested.v1.{account}', stream: 'ORDER_REQUESTS' });

/** A delivery that remembers what was said about it. */
function delivery(streamSequence: number, { account = 'demo', text = `${streamSequence}`, deliveries = 1 } = {}) {
  const said: string[] = [];
  const event = note(account, text);
  const made: Delivery & { readonly said: string[] } = {
    subject: contract.route(event),
    data: text === 'garbage' ? new Uint8Array([1, 2]) : contract.encode(event),
    headers: { 'Nats-Msg-Id': event.meta.eventId },
    deliveries,
    streamSequence,
    ack: () => void said.push('ack'),
    nak: (delayMs) => void said.push(`nak ${delayMs}`),
    term: () => void said.push('term'),
    working: () => void said.push('working'),
    said,
  };
  return made;
}

beforeAll(() => Logger.overrideLogger(false));

describe('the intake of a durable consumer', () => {
  const open: Intake[] = [];
  afterEach(async () => {
    for (const intake of open.splice(0)) await intake.drain(0);
  });

  function intakeFor(
    handle: (event: Note, context: MessageContext) => Promise<Outcome>,
    settings: { ackWaitMs?: number; ageMsMax?: number; bury?: () => Promise<void>; now?: () => number } = {},
  ) {
    const letters: DeadLetter[] = [];
    const died: BrokenInvariant[] = [];
    const bury = settings.bury ?? (() => Promise.resolve());
    const intake = new Intake(
      [hearing(contract, handle)],
      {
        stream: 'ORDER_REQUESTS',
        consumer: 'risk-gate',
        deliveriesMax: 3,
        backoff: { firstMs: 100, maxMs: 1_000 },
        weatherBackoff: { firstMs: 1, maxMs: 2 },
        ageMsMax: settings.ageMsMax ?? 3_600_000,
        ackWaitMs: settings.ackWaitMs ?? 30_000,
        workingMsMax: 120_000,
      },
      {
        clock: { now: () => Timestamp.fromMillis((settings.now ?? Date.now)()) },
        metrics: new BusMetrics(),
        die: (error) => void died.push(error),
        bury: (letter) => bury().then(() => void letters.push(letter)),
      },
    );
    open.push(intake);
    return { intake, letters, died };
  }

  test('acknowledges only after the handler is done', async () => {
    let finish = (_: Outcome) => {};
    const { intake } = intakeFor(() => new Promise((resolve) => (finish = resolve)));
    const message = delivery(1);
    intake.take(message);
    expect(message.said).toEqual([]);
    finish(done);
    await until('the acknowledgement', () => message.said.length > 0);
    expect(message.said).toEqual(['ack']);
    expect(intake.inHand).toBe(0);
  });

  test('weather holds back its own key and no other, and is waited out in hand', async () => {
    const handled: string[] = [];
    let away = true;
    const { intake } = intakeFor(async ({ text }) => {
      handled.push(text);
      return text === '1' && away ? retry('not yet') : done;
    });
    const [first, second, other] = [delivery(1), delivery(2), delivery(3, { account: 'other' })];
    for (const message of [first, second, other]) intake.take(message);
    await until('the other key', () => other.said.length > 0);
    expect([first.said, second.said]).toEqual([[], []]);
    away = false;
    await until('the held message', () => second.said.length > 0);
    expect([first.said, second.said]).toEqual([['ack'], ['ack']]);
    expect(handled.filter((text) => text !== '1')).toEqual(['3', '2']);
  });

  test.each([
    ['an answer of retry', () => Promise.resolve(retry('Postgres is away'))],
    [
      'what the store throws',
      () => Promise.reject(Object.assign(new Error('no connection'), { code: 'STORE_UNAVAILABLE' })),
    ],
    [
      'a lost connection inside another error',
      () =>
        Promise.reject(new Error('cannot', { cause: Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' }) })),
    ],
    ['an unanswered question', () => Promise.reject(new NoAnswer('NO_RESPONDER', 'instruments'))],
  ])('%s lasts far longer than any number of deliveries and costs none', async (_name, outage) => {
    const seen: number[] = [];
    const handle = async (_: Note, { deliveries }: MessageContext) => {
      seen.push(deliveries);
      return seen.length <= 40 ? outage() : done;
    };
    const { intake, letters } = intakeFor(handle);
    // One short of a dead letter already, if weather counted.
    const message = delivery(1, { deliveries: 2 });
    intake.take(message);
    await until('the acknowledgement', () => message.said.length > 0);
    expect(message.said).toEqual(['ack']);
    expect(letters).toEqual([]);
    expect(seen).toEqual(Array.from({ length: 41 }, (_, index) => index + 2));
  });

  test('weather stays pending at the server and is given back at the end of the process, in order', async () => {
    const { intake } = intakeFor(async () => retry('away', 60_000), { ackWaitMs: 30 });
    const [first, second] = [delivery(1), delivery(2)];
    intake.take(first);
    intake.take(second);
    await until('the sign', () => first.said.includes('working') && second.said.includes('working'));
    await intake.drain(0);
    expect([first.said.at(-1), second.said.at(-1)]).toEqual(['nak 0', 'nak 0']);
  });

  test('weather that lasts longer than the stream keeps a message ends in a dead letter', async () => {
    let now = 1_000;
    const handle = async () => {
      now += 400;
      return retry('still away');
    };
    const { intake, letters } = intakeFor(handle, { ageMsMax: 1_000, now: () => now });
    const message = delivery(1);
    intake.take(message);
    await until('the end', () => message.said.length > 0);
    expect(message.said).toEqual(['term']);
    expect(letters).toMatchObject([{ cause: 'exhausted', reason: 'still away', deliveries: 3 }]);
  });

  test('what may never come is tried as often as its handler says', async () => {
    const { intake, letters } = intakeFor(async () => retryAtMost(5, 'no order yet'));
    const message = delivery(1);
    intake.take(message);
    await until('the end', () => message.said.length > 0);
    expect(letters).toMatchObject([{ cause: 'exhausted', reason: 'no order yet', deliveries: 5 }]);
  });

  test('a handler that throws for no outside reason is given back after a growing delay', async () => {
    const { intake } = intakeFor(() => Promise.reject(new TypeError('undefined is not a function')));
    const message = delivery(1, { deliveries: 2 });
    intake.take(message);
    await until('the delay', () => message.said.length > 0);
    expect(Number(message.said[0]?.slice('nak '.length))).toBeGreaterThanOrEqual(100);
  });

  test.each([
    ['poison', delivery(1), async () => poison('cannot be'), 'cannot be'],
    ['unreadable', delivery(1, { text: 'garbage' }), async () => done, 'not JSON'],
    [
      'exhausted',
      delivery(1, { deliveries: 3 }),
      () => Promise.reject(new Error('never well')),
      'the handler threw: never well',
    ],
    [
      'exhausted',
      delivery(1, { deliveries: 13 }),
      async () => done,
      'delivered again and again without ever being handled',
    ],
  ])('what is %s is stored as a dead letter and then ended', async (cause, message, handle, reason) => {
    const { intake, letters } = intakeFor(handle);
    intake.take(message);
    await until('the end', () => message.said.length > 0);
    expect(message.said).toEqual(['term']);
    expect(letters).toMatchObject([{ cause, reason, stream: 'ORDER_REQUESTS', consumer: 'risk-gate' }]);
  });

  test('a dead letter that cannot be stored comes again', async () => {
    const { intake } = intakeFor(async () => poison('bad'), { bury: () => Promise.reject(new Error('no stream')) });
    const message = delivery(1);
    intake.take(message);
    await until('the delay', () => message.said.length > 0);
    expect(message.said[0]).toMatch(/^nak \d+$/);
  });

  test('a broken invariant gives the message back and ends the process', async () => {
    const { intake, died } = intakeFor(() => Promise.reject(new BrokenInvariant('negative position')));
    const message = delivery(1);
    intake.take(message);
    await until('the end', () => died.length > 0);
    expect(message.said[0]).toMatch(/^nak \d+$/);
  });

  test('a message that breaks an invariant every time is put aside, so that the service can start', async () => {
    const { intake, died, letters } = intakeFor(() => Promise.reject(new BrokenInvariant('negative position')));
    intake.take(delivery(1, { deliveries: 3 }));
    await until('the end', () => died.length > 0);
    expect(letters).toMatchObject([{ cause: 'exhausted', reason: 'broken invariant: negative position' }]);
  });

  test('a slow handler says that it is still working, and a redelivery of the same message is not handled twice', async () => {
    let finish = (_: Outcome) => {};
    let begun = 0;
    const slow = () => {
      begun += 1;
      return new Promise<Outcome>((resolve) => (finish = resolve));
    };
    const { intake } = intakeFor(slow, { ackWaitMs: 30 });
    const [first, redelivered] = [delivery(1), delivery(1, { deliveries: 2 })];
    intake.take(first);
    await until('the sign', () => first.said.includes('working'));
    intake.take(redelivered);
    finish(done);
    await until('the acknowledgement', () => redelivered.said.includes('ack'));
    expect(begun).toBe(1);
    expect(first.said).not.toContain('ack');
  });

  test('draining finishes what runs and gives back what waits', async () => {
    let finish = (_: Outcome) => {};
    const { intake } = intakeFor(() => new Promise((resolve) => (finish = resolve)));
    const [running, waiting] = [delivery(1), delivery(2)];
    intake.take(running);
    intake.take(waiting);
    const drained = intake.drain(60_000);
    finish(done);
    await drained;
    expect([running.said, waiting.said]).toEqual([['ack'], ['nak 0']]);
    const late = delivery(3);
    intake.take(late);
    expect(late.said).toEqual(['nak 0']);
  });

  test('tells a wait that a handler named as everyday news, and warns of weather and of a wait that lasts', async () => {
    const told: string[] = [];
    const tell = (level: string) => (words: string) => void (words.includes('again') && told.push(level));
    const quiet = () => undefined;
    Logger.overrideLogger({ log: tell('log'), warn: tell('warn'), error: quiet });
    try {
      let now = 0;
      const outcomes: Outcome[] = [retry('recovering', 1), retry('Postgres is away'), done];
      const handle = async () => {
        const outcome = outcomes.shift() ?? done;
        if (outcome.kind === 'retry' && outcome.reason === 'still recovering') now += 30_000;
        return outcome;
      };
      const { intake } = intakeFor(handle, { now: () => now });
      const message = delivery(1);
      intake.take(message);
      await until('the acknowledgement', () => message.said.includes('ack'));
      expect(told).toEqual(['log', 'warn']);
      outcomes.push(retry('recovering', 1), retry('still recovering', 1), done);
      const late = delivery(2);
      intake.take(late);
      await until('the acknowledgement', () => late.said.includes('ack'));
      expect(told).toEqual(['log', 'warn', 'log', 'warn']);
    } finally {
      Logger.overrideLogger(false);
    }
  });

  test('a message of the stream that this service has no handler for is let go', () => {
    const { intake } = intakeFor(async () => done);
    const message = { ...delivery(1), subject: 'order.unheard.v1.demo' };
    intake.take(message);
    expect(message.said).toEqual(['ack']);
  });
});
