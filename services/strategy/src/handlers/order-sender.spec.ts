import { expect, test } from '@jest/globals';
import { Bus } from '@scalpstorm/bus';
import { SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { anOrderRequest } from '@scalpstorm/testkit';
import { OrderSender, ofItself } from './order-sender.js';

/** Keeps the message ids. */
class KeepingBus extends Bus {
  readonly state = 'connected';
  readonly reconnects = 0;
  readonly said: string[] = [];
  publish(): void {}
  async send(contract: { readonly name: string }, _event: unknown, messageId = 'its own') {
    this.said.push(`${contract.name} ${messageId}`);
    return { duplicate: false };
  }
  async ask(): Promise<never> {
    throw new Error('nobody is asked here');
  }
}

test('nothing is said without the lease, and what is wanted after it came back is', () => {
  const [bus, lease, log] = [new KeepingBus(), { isHeld: true }, new RecordingLog()];
  const orders = new OrderSender(bus, lease, new SystemClock(), log);
  const request = anOrderRequest();
  const sayAll = (ask: number) => {
    orders.place({ request, ask }, ofItself);
    orders.cancel(request.accountId, { clientOrderId: request.clientOrderId, reason: 'stop' }, ofItself);
  };
  sayAll(1);
  lease.isHeld = false;
  sayAll(2);
  lease.isHeld = true;
  sayAll(3);
  expect(bus.said.map((said) => said.split(' ')[1])).toEqual([
    `${request.clientOrderId}:1`,
    'its',
    `${request.clientOrderId}:3`,
    'its',
  ]);
  expect(log.lines.map(({ level, fields }) => [level, fields['clientOrderId']])).toEqual([
    ['warn', request.clientOrderId],
    ['warn', request.clientOrderId],
  ]);
});
