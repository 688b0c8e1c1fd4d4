import type { FastifyHelmetOptions } from '@fastify/helmet';

const self = ["'self'"];
const none = ["'none'"];

/**
 * The page has no inline script and no inline style and loads nothing from elsewhere, so everything else is forbidden.
 * Strict-Transport-Security is sent by whoever terminates TLS: from elsewhere it would lock people out of plain localhost.
 */
export const securityHeaders = (encrypted: boolean): FastifyHelmetOptions => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: none,
      scriptSrc: self,
      styleSrc: self,
      imgSrc: self,
      connectSrc: self,
      manifestSrc: self,
      baseUri: none,
      formAction: none,
      frameAncestors: none,
    },
  },
  strictTransportSecurity: encrypted ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  referrerPolicy: { policy: 'no-referrer' },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
});
