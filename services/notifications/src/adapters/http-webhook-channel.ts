import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { assert } from '@scalpstorm/kernel';
import type { WallClock } from '@scalpstorm/observability';
import { cut } from '../domain/cut.js';
import { sealContext } from '../domain/profile.js';
import { type Attempt, Channel, type Delivery } from '../ports/channel.js';
import type { Profiles } from '../ports/profiles.js';
import { SealBroken, type Sealer } from '../ports/sealer.js';
import { signatureHeader, signatureOf } from './signature.js';
import { faultOfUrl, isPublicAddress, type WebhookRules } from './webhook-address.js';

interface Parts {
  readonly profiles: Profiles;
  readonly sealer: Sealer;
  readonly clock: WallClock;
  readonly rules: WebhookRules;
  readonly timeoutMs?: number;
  /** In tests: the DNS. */
  readonly resolve?: typeof lookup;
}

const timeoutMsDefault = 10_000;
/** We only want the status; whoever answers with more is cut off. */
const answerBytesMax = 64 * 1_024;

/** A signed POST. No redirects, no proxies, no connection to an address that is not public. */
export class HttpWebhookChannel extends Channel {
  readonly name = 'webhook';

  constructor(private readonly parts: Parts) {
    super();
  }

  async send(delivery: Delivery): Promise<Attempt> {
    const { payload } = delivery;
    assert(payload.channel === 'webhook', 'a payload of another channel');
    const fault = faultOfUrl(delivery.destination, this.parts.rules);
    if (fault !== null) return { kind: 'refused', text: fault.text };
    const sealed = await this.parts.profiles.webhookSecret(delivery.userId);
    if (sealed === null) return { kind: 'refused', text: 'the webhook was removed' };
    let secret: string;
    try {
      secret = this.parts.sealer.open(sealed, sealContext(delivery.userId));
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      return { kind: 'refused', text: 'its secret cannot be read; set the webhook again' };
    }
    const seconds = Math.floor(this.parts.clock.now() / 1_000_000);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Scalpstorm-Webhook/1',
      'scalpstorm-delivery': delivery.id,
      [signatureHeader]: signatureOf(payload.body, secret, seconds),
    };
    return this.post(new URL(delivery.destination), payload.body, headers);
  }

  async close(): Promise<void> {
    // Every request has a connection of its own.
  }

  private post(target: URL, body: string, headers: Readonly<Record<string, string>>): Promise<Attempt> {
    const { timeoutMs = timeoutMsDefault, rules, resolve: dns = lookup } = this.parts;
    const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve) => {
      const failed = (text: string) => resolve({ kind: 'failed', text });
      const outgoing = request(
        target,
        {
          method: 'POST',
          headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
          agent: false,
          lookup: rules.privateAllowed ? undefined : publicLookup(dns),
          signal: AbortSignal.timeout(timeoutMs),
        },
        (answer) => {
          let bytes = 0;
          const status = answer.statusCode ?? 0;
          answer.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > answerBytesMax) answer.destroy();
          });
          // The status is the answer, however its body ends.
          answer.once('error', () => undefined).once('close', () => resolve(attemptOf(status)));
        },
      );
      outgoing.once('error', (error) => failed(faultText(error, timeoutMs)));
      outgoing.end(body);
    });
  }
}

/** Gone is gone; everything else may heal. A redirect is not followed: it could lead anywhere. */
function attemptOf(status: number): Attempt {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'refused', text: 'the receiver answered 410 Gone', gone: true };
  const redirect = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  return { kind: 'failed', text: `the receiver answered ${status}${redirect}` };
}

function faultText(error: Error, timeoutMs: number): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
  const code = (error as { code?: unknown }).code;
  return `no connection: ${typeof code === 'string' ? code : cut(error.message, 100)}`;
}

/** Every address of the name must be public, and the connection goes to the very address that was looked at. */
function publicLookup(dns: typeof lookup): LookupFunction {
  return (hostname, options, callback) => {
    dns(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const [first] = addresses;
      if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address))) {
        const refusal: NodeJS.ErrnoException = new Error(`${hostname} is not on the open internet`);
        refusal.code = 'PRIVATE_ADDRESS';
        return callback(refusal, '', 0);
      }
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
