import type { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { FakeClock } from '@scalpstorm/testkit';
import { WebhookReceiver } from '../../test/webhook-receiver.js';
import { sealContext } from '../domain/profile.js';
import type { Delivery } from '../ports/channel.js';
import type { Profiles } from '../ports/profiles.js';
import { HttpWebhookChannel } from './http-webhook-channel.js';
import { VaultSealer } from './vault-sealer.js';

const userId = UserId.of('user_1');
const sealer = new VaultSealer('a'.repeat(64));
const sealed = sealer.seal('whsec_x', sealContext(userId));
const profiles = { webhookSecret: async () => sealed } as unknown as Profiles;

describe('a name that leads into a private network', () => {
  const receiver = new WebhookReceiver();
  beforeEach(() => receiver.open());
  afterEach(() => receiver.close());

  /** What the DNS says. */
  let found: readonly string[] = [];
  const resolve = ((_name: string, _options: object, callback: (error: null, found: object[]) => void) =>
    callback(
      null,
      found.map((address) => ({ address, family: isIP(address) })),
    )) as unknown as typeof lookup;

  const sendTo = (destination: string, rules: { privateAllowed: boolean; httpAllowed: boolean }) => {
    const channel = new HttpWebhookChannel({
      profiles,
      sealer,
      clock: new FakeClock(),
      rules,
      timeoutMs: 2_000,
      resolve,
    });
    const payload = { channel: 'webhook' as const, body: '{}' };
    const delivery: Delivery = {
      id: '1',
      userId,
      destination,
      noticeId: 'n',
      payload,
      attempts: 0,
      createdAt: Timestamp.fromMicros(1),
    };
    return channel.send(delivery);
  };

  it('is not connected to, not even when only one of its addresses is private', async () => {
    const rules = { privateAllowed: false, httpAllowed: true };
    const name = `http://hooks.example.com:${new URL(receiver.url).port}/hook`;
    for (const addresses of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::1'], []]) {
      found = addresses;
      expect(await sendTo(name, rules)).toEqual({ kind: 'failed', text: 'no connection: PRIVATE_ADDRESS' });
    }
    expect(receiver.received).toEqual([]);
  });

  it('is refused before anything is asked when it is an address itself', async () => {
    expect(await sendTo(receiver.url, { privateAllowed: false, httpAllowed: true })).toMatchObject({ kind: 'refused' });
    expect(receiver.received).toEqual([]);
  });

  it('is connected to when the operator allows it', async () => {
    expect(await sendTo(receiver.url, { privateAllowed: true, httpAllowed: true })).toEqual({ kind: 'delivered' });
  });
});
