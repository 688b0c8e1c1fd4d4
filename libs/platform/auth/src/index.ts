export { type AccessClaims, type AccessTokenFault, AccessTokens, type AccessTokensOptions } from './access-tokens.js';
export {
  hashPassword,
  type PasswordCost,
  verifyNothing,
  verifyPassword,
} from './password.js';
export {
  hashRefreshToken,
  newRefreshToken,
  openSession,
  type RefreshTokenLives,
  type RefreshTokenRecord,
  type RefreshVerdict,
  refresh,
  refreshTokenLives,
} from './refresh-tokens.js';
export { sameSecret } from './same-secret.js';
