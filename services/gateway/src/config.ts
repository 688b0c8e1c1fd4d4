import {
  commonEnv,
  natsEnv,
  port,
  postgresEnv,
  publicEnv,
  redisEnv,
  secret,
  setting,
  text,
  wholeNumber,
} from '@scalpstorm/config';
import { second } from '@scalpstorm/kernel';
import { z } from 'zod';
import type { AnomalySettings } from './ports/anomaly-settings.js';
import { isNetwork } from './use-cases/allowed-address.js';

const signingSecretMin = 32;
const networksMax = 100;
const originPattern = /^https?:\/\/[^/\s,]+$/;

/** A list of origins; the page's own origin is always welcome and need not be on it. */
const origins = setting(
  z
    .string()
    .max(2_000)
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((list) => list.length <= 50 && list.every((origin) => originPattern.test(origin))),
  { expected: 'a comma-separated list of origins', example: 'https://trade.example,https://app.example' },
);

/** Addresses and networks of proxies. */
const networks = setting(
  z
    .string()
    .max(4_000)
    .transform((list) => list.split(',').map((network) => network.trim()))
    .refine((list) => list.length <= networksMax && list.every(isNetwork)),
  { expected: 'a comma-separated list of addresses and networks', example: '10.0.0.0/8,192.0.2.7' },
);

/** Everything that the gateway reads from its environment. */
export const gatewayConfig = z.object({
  ...commonEnv,
  ...publicEnv,
  ...natsEnv,
  ...postgresEnv,
  ...redisEnv,
  /** Signs access tokens; whoever has it can be anybody. */
  JWT_SECRET: secret(
    text({
      lengthMin: signingSecretMin,
      expected: `at least ${signingSecretMin} random characters`,
      example: 'the output of: openssl rand -hex 32',
    }),
  ),
  /** Proves to the first set-up that it is the operator's. Without it nobody can set the platform up. */
  SCALPSTORM_SETUP_TOKEN: secret(
    text({ lengthMin: 16, expected: 'at least 16 random characters', example: 'the output of: openssl rand -hex 16' }),
  ).optional(),
  /** Of the gRPC door; without it the door is closed. */
  GRPC_PORT: port().optional(),
  /** Averages over ten seconds; a moment may have more. Many users can share an address, so it has the larger one. */
  REQUESTS_PER_SECOND_PER_USER: wholeNumber({ min: 1, max: 100_000, example: 100 }).default(100),
  REQUESTS_PER_SECOND_PER_ADDRESS: wholeNumber({ min: 1, max: 100_000, example: 300 }).default(300),
  /** Both or neither: with them HTTP and the stream are served over TLS, and what replaces the files is served within a minute. */
  TLS_CERT_FILE: text({
    expected: 'the path of a PEM certificate chain',
    example: '/etc/scalpstorm/tls.crt',
  }).optional(),
  TLS_KEY_FILE: text({ expected: 'the path of its PEM private key', example: '/etc/scalpstorm/tls.key' }).optional(),
  /** From how much on the audit tells of something unusual; docs/audit.md. Failed log-ins and refusals are of 15 minutes. */
  ANOMALY_ACCOUNT_FAILURES: wholeNumber({ min: 2, max: 10_000, example: 10 }).default(10),
  ANOMALY_ADDRESS_FAILURES: wholeNumber({ min: 2, max: 10_000, example: 30 }).default(30),
  ANOMALY_FAILURES_BEFORE_SUCCESS: wholeNumber({ min: 1, max: 10_000, example: 5 }).default(5),
  ANOMALY_REFUSED_CALLS: wholeNumber({ min: 2, max: 1_000_000, example: 50 }).default(50),
  ANOMALY_ORDERS_BY_HAND_PER_HOUR: wholeNumber({ min: 1, max: 1_000_000, example: 60 }).default(60),
  ANOMALY_DENIALS_PER_HOUR: wholeNumber({ min: 1, max: 1_000_000, example: 100 }).default(100),
  /** And so many times what the user had in an hour of the week before. */
  ANOMALY_TIMES_USUAL: wholeNumber({ min: 1, max: 10_000, example: 10 }).default(10),
  /** Minutes until the same is told again; no shorter than what is counted. */
  ANOMALY_COOL_DOWN_MINUTES: wholeNumber({ min: 15, max: 10_080, example: 60 }).default(60),
  /** Pages from elsewhere that may call the API and open the stream. */
  ALLOWED_ORIGINS: origins.default([]),
  /** Whose X-Forwarded-For is believed; by default nobody's. Limits and allow-lists of addresses look at the result. */
  TRUSTED_PROXIES: networks.default([]),
});
export type GatewayConfig = z.output<typeof gatewayConfig>;

export const anomalySettings = (config: GatewayConfig): AnomalySettings => ({
  limits: {
    failuresOfAccount: config.ANOMALY_ACCOUNT_FAILURES,
    failuresFromAddress: config.ANOMALY_ADDRESS_FAILURES,
    failuresBeforeSuccess: config.ANOMALY_FAILURES_BEFORE_SUCCESS,
    keyRefusals: config.ANOMALY_REFUSED_CALLS,
    ordersByHandPerHour: config.ANOMALY_ORDERS_BY_HAND_PER_HOUR,
    denialsPerHour: config.ANOMALY_DENIALS_PER_HOUR,
    timesUsual: config.ANOMALY_TIMES_USUAL,
  },
  coolDown: config.ANOMALY_COOL_DOWN_MINUTES * 60 * second,
});
