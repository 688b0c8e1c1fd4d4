import { createHmac } from 'node:crypto';

export const signatureHeader = 'scalpstorm-signature';

/**
 * `t=<seconds>,v1=<hex>`: HMAC-SHA256 under the webhook's secret over `<seconds>.<body>`. Every attempt is signed anew, so a
 * receiver can refuse what is older than five minutes and a recorded request is worthless afterwards.
 */
export function signatureOf(body: string, secret: string, seconds: number): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}
