import { commonEnv, natsEnv, port, postgresEnv, redisEnv, secret, setting, text } from '@scalpstorm/config';
import { z } from 'zod';

const signingSecretMin = 32;
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

/** Everything that the gateway reads from its environment. */
export const gatewayConfig = z.object({
  ...commonEnv,
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
  /** Pages from elsewhere that may open the stream. */
  ALLOWED_ORIGINS: origins.default([]),
});
export type GatewayConfig = z.output<typeof gatewayConfig>;
