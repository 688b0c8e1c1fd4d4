import { describe, expect, it } from '@jest/globals';
import { isSecretName, redactFields, redactText } from './redact.js';

describe('redactFields', () => {
  it('hides what has the name of a secret, at any depth and however it is written', () => {
    const hidden = {
      password: 'p1',
      API_KEY: 'p2',
      nested: {
        apiSecret: 'p3',
        list: [{ refreshToken: 'p4' }, { headers: { Authorization: 'p5', 'set-cookie': ['p6'] } }],
      },
      'X-MBX-APIKEY': 'p7',
      signature: { deep: 'p8' },
      private_key: 'p9',
      map: new Map([['passphrase', 'p10']]),
    };
    const text = JSON.stringify(redactFields(hidden));
    expect(text).not.toMatch(/p\d/);
    expect(text.match(/\[redacted\]/g)).toHaveLength(10);
  });

  it('keeps what is needed to understand', () => {
    const fields = { orderId: 's1', price: 5n, at: new Date(0), ok: true, none: null, bytes: new Uint8Array(3) };
    expect(redactFields(fields)).toEqual({
      orderId: 's1',
      price: '5',
      at: '1970-01-01T00:00:00.000Z',
      ok: true,
      none: null,
      bytes: '[3 bytes]',
    });
  });

  it('follows the causes of an error, hides their secrets, and drops what clients hang on errors', () => {
    const cause = Object.assign(new Error('connect postgres://me:hunter2@db/x failed'), {
      code: 'ECONNREFUSED',
      config: { headers: { 'X-Plain': 'hunter3' } },
    });
    const { error } = redactFields({ error: new Error('no database', { cause }) }) as {
      error: Record<string, unknown>;
    };
    expect(error).toMatchObject({ type: 'Error', message: 'no database', cause: { code: 'ECONNREFUSED' } });
    expect(JSON.stringify(error)).toContain('postgres://me:[redacted]@db/x');
    expect(JSON.stringify(error)).not.toMatch(/hunter/);
  });

  it('is bounded: depth, width, length and circles', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['self'] = circle;
    const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`field${index}`, index]));
    const text = JSON.stringify(
      redactFields({ circle, wide, list: Array(10_000).fill(1), long: 'x'.repeat(1_000_000) }),
    );
    expect(text.length).toBeLessThan(20_000);
    expect(text).toContain('[too deep]');
    expect(text).toContain('900 more');
    expect(text).toContain('[9950 more]');
  });

  it('takes an error alone', () => {
    expect(redactFields(new TypeError('x'))).toMatchObject({ error: { type: 'TypeError', message: 'x' } });
  });
});

describe('redactText', () => {
  it.each([
    ['GET /api/v3/order?symbol=BTCUSDT&signature=abc123&timestamp=1', 'abc123'],
    ['https://user:pass-word@host/x', 'pass-word'],
    ['redis://:onlypass@127.0.0.1:6379', 'onlypass'],
    ['Authorization: Bearer eyJhbGciOi.eyJzdWIi.x_y-z', 'eyJhbGciOi'],
    ['url?apiKey=k1k2k3', 'k1k2k3'],
    ['listenKey=abcdef', 'abcdef'],
  ])('hides the secret of %j', (text, secret) => {
    expect(redactText(text)).not.toContain(secret);
    expect(redactText(text)).toContain('[redacted]');
  });

  it('leaves other words alone', () => {
    const text = 'order s00000001N000000000 filled: 0.01 BTC at 50000.01 https://host/path?symbol=BTC';
    expect(redactText(text)).toBe(text);
  });
});

describe('isSecretName', () => {
  it.each(['userId', 'symbol', 'price', 'key', 'author', 'quantity'])('lets %s through', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
