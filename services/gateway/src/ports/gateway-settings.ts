/** What the gateway was configured with, as far as its parts need it. */
export abstract class GatewaySettings {
  /** Null: set-up is switched off. */
  abstract readonly setupToken: string | null;
  /** Signs access tokens. */
  abstract readonly signingSecret: string;
  /** Origins besides its own that may open the stream, e.g. `https://trade.example`. */
  abstract readonly allowedOrigins: readonly string[];
  /** Addresses and networks whose X-Forwarded-For is believed. */
  abstract readonly trustedProxies: readonly string[];
  abstract readonly requestsPerSecondPerUser: number;
  abstract readonly requestsPerSecondPerAddress: number;
}
