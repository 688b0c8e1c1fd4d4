import { commonEnv, natsEnv, postgresEnv, redisEnv, secret, setting, text, wholeNumber } from '@scalpstorm/config';
import { z } from 'zod';

const accountSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  label: z.string().min(1).max(80),
  venue: z.string().regex(/^[a-z0-9-]{1,24}$/),
  mode: z.enum(['demo', 'paper', 'live']),
  rest: z.url(),
  spotWs: z.url(),
  wsApi: z.url(),
  apiKey: z.string().min(1),
  secret: z.string().min(1),
});
export type AccountSettings = z.infer<typeof accountSchema>;

const accountsExample =
  '[{"id":"demo","label":"Demo","venue":"sim","mode":"demo","rest":"http://127.0.0.1:9000","spotWs":"ws://127.0.0.1:9000/stream/ws",' +
  '"wsApi":"ws://127.0.0.1:9000/ws-api/v3","apiKey":"…","secret":"…"}]';

/** Execution alone holds the keys of venue accounts. */
export const executionEnv = z.object({
  ...commonEnv,
  ...natsEnv,
  ...postgresEnv,
  /** Lends what may be asked of a venue; without it this process has a budget of its own. */
  REDIS_URL: redisEnv.REDIS_URL.optional(),
  VENUE_ACCOUNTS: secret(
    setting(
      z
        .string()
        .transform((text, context) => parseJson(text, context))
        .pipe(z.array(accountSchema).min(1).max(50)),
      { expected: 'a JSON list of venue accounts', example: accountsExample },
    ),
  ),
  /** Wraps the keys of the accounts that users bring, newest first; without it (and its file) users can bring none. */
  VAULT_MASTER_KEYS: secret(
    text({
      lengthMin: 64,
      expected: 'one to eight keys of 64 hexadecimal digits, newest first, separated by commas',
      example: 'the output of: openssl rand -hex 32',
    }),
  ).optional(),
  /** The same in a file, one a line. */
  VAULT_MASTER_KEYS_FILE: text({
    expected: 'the path of a file with the master keys',
    example: '/run/secrets/vault-master-keys',
  }).optional(),
  /** `yes` is the second of the two explicit settings that live trading needs; the first is an account of mode live. */
  LIVE_TRADING: setting(z.enum(['no', 'yes']).default('no'), { expected: 'yes or no', example: 'no' }),
  ORDER_REQUEST_LIFE_MS: wholeNumber({ min: 500, max: 60_000, example: 5_000 }).default(5_000),
  /** So far may a venue's answers lie behind what it has done; nothing is concluded from a younger absence. */
  VENUE_READ_LAG_MS: wholeNumber({ min: 100, max: 60_000, example: 5_000 }).default(5_000),
  /** So often the open orders alone are looked at; whatever differs is left to a whole comparison at once. */
  RECONCILE_ORDERS_EVERY_MS: wholeNumber({ min: 1_000, max: 3_600_000, example: 10_000 }).default(10_000),
  RECONCILE_EVERY_MS: wholeNumber({ min: 1_000, max: 3_600_000, example: 30_000 }).default(30_000),
  /** Events of orders that are over, and differences, are forgotten at this age, plans that are over a week later; orders and fills never are. */
  HISTORY_KEPT_DAYS: wholeNumber({ min: 1, max: 3_650, example: 90 }).default(90),
  /** At the start the newest state of working orders and of those that ended so lately is told again. */
  RETELL_ENDED_MINUTES: wholeNumber({ min: 0, max: 1_440, example: 60 }).default(60),
});
export type ExecutionEnv = z.infer<typeof executionEnv>;

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
}
