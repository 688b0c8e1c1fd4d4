import { describe, expect, it } from '@jest/globals';
import { AccessTokens as SignedTokens } from '@scalpstorm/auth';
import { UserId } from '@scalpstorm/model';
import { FakeClock } from '@scalpstorm/testkit';
import { JwtAccessTokens } from './jwt-access-tokens.js';

const signingSecret = 'a secret of more than thirty-two characters';
const settings = {
  setupToken: null,
  allowedOrigins: [],
  trustedProxies: [],
  requestsPerSecondPerUser: 1,
  requestsPerSecondPerAddress: 1,
  signingSecret,
};
const ann = { userId: UserId.of('usr_ann'), role: 'trader' as const };

describe('an access token', () => {
  const clock = new FakeClock();
  const tokens = new JwtAccessTokens(settings, clock);

  it('says who it was given to, until it expires', async () => {
    const { token, expiresAt } = await tokens.issue(ann, 'session');
    expect(await tokens.identify(token)).toEqual({ principal: { ...ann, sessionId: 'session' }, expiresAt });
    expect(await new JwtAccessTokens(settings, new FakeClock(expiresAt)).identify(token)).toBeNull();
  });

  it('is refused when anything in it was changed', async () => {
    const { token } = await tokens.issue(ann, 'session');
    const [head = '', body = '', signature = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, roles: ['admin'] })).toString('base64url');
    for (const bad of [`${head}.${forged}.${signature}`, `${head}.${body}.`, 'nonsense', '..']) {
      expect(await tokens.identify(bad)).toBeNull();
    }
  });

  it('is refused when its role is none of ours', async () => {
    const claims = { userId: ann.userId, roles: ['emperor'], sessionId: 'session' };
    expect(await tokens.identify(await new SignedTokens({ key: signingSecret, clock }).issue(claims))).toBeNull();
  });
});
