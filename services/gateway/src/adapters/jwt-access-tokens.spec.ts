import { describe, expect, it } from '@jest/globals';
import { UserId } from '@scalpstorm/model';
import { FakeClock } from '@scalpstorm/testkit';
import { SignJWT } from 'jose';
import { JwtAccessTokens } from './jwt-access-tokens.js';

const signingSecret = 'a secret of more than thirty-two characters';
const settings = { setupToken: null, allowedOrigins: [], signingSecret };
const ann = { userId: UserId.of('usr_ann'), email: 'ann@example.com', role: 'trader' as const };

describe('an access token', () => {
  const clock = new FakeClock();
  const tokens = new JwtAccessTokens(settings, clock);

  it('says who it was given to, until it expires', async () => {
    const { token, expiresAt } = await tokens.issue(ann);
    expect(await tokens.identify(token)).toEqual({ principal: ann, expiresAt });
    const later = new FakeClock(expiresAt);
    expect(await new JwtAccessTokens(settings, later).identify(token)).toBeNull();
  });

  it('is refused when anything in it was changed', async () => {
    const { token } = await tokens.issue(ann);
    const [head = '', body = '', signature = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, role: 'admin' })).toString('base64url');
    expect(await tokens.identify(`${head}.${forged}.${signature}`)).toBeNull();
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    expect(await tokens.identify(`${unsigned}.${body}.`)).toBeNull();
    expect(await tokens.identify('nonsense')).toBeNull();
  });

  it('is refused when another secret signed it, or it was meant for something else', async () => {
    const { token } = await new JwtAccessTokens({ ...settings, signingSecret: 'x'.repeat(40) }, clock).issue(ann);
    expect(await tokens.identify(token)).toBeNull();
    const other = await new SignJWT({ email: ann.email, role: 'admin' })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(ann.userId)
      .setAudience('somebody else')
      .setExpirationTime('1y')
      .sign(new TextEncoder().encode(signingSecret));
    expect(await tokens.identify(other)).toBeNull();
  });
});
