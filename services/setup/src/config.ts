import { commonEnv, durationMs, natsEnv, postgresUrl, secret, setting, text, wholeNumber } from '@scalpstorm/config';
import { administrator, type Speaker, speakers, topology } from '@scalpstorm/contracts';
import { z } from 'zod';

const databaseUrl = (example: string) => secret(postgresUrl(example));

const { SCALPSTORM_NAMESPACE, LOG_LEVEL } = commonEnv;

const optionalServices: readonly Speaker[] = [...new Set(topology.optionalConsumers.map(({ speaker }) => speaker))];

/** A list of services that not everybody runs. */
const optionalList = setting(
  z
    .string()
    .transform((list) => list.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(optionalServices))),
  { expected: `some of ${optionalServices.join(', ')}, separated by commas`, example: 'kafka-bridge' },
);

/** Of `servers`: where they are, and who may change them. */
export const setupEnv = z.object({
  SCALPSTORM_NAMESPACE,
  LOG_LEVEL,
  ...natsEnv,
  /** Creates streams and consumers, which no service may. */
  NATS_USER: natsEnv.NATS_USER.default(administrator),
  /** As the services have it: its user owns the database. Without it nothing is done to Postgres. */
  POSTGRES_URL: databaseUrl('postgres://scalpstorm:password@127.0.0.1:5432/scalpstorm').optional(),
  /** Who may create that user and that database; without it both must be there. */
  POSTGRES_ADMIN_URL: databaseUrl('postgres://postgres:password@127.0.0.1:5432/postgres').optional(),
  /** On how many servers of a NATS cluster each stream is kept; an odd number, and no more than there are servers. */
  STREAM_REPLICAS: wholeNumber({ min: 1, max: 5, example: 3 }).default(1),
  /** Services that not everybody runs, and whose consumers are wanted here. */
  OPTIONAL_SERVICES: optionalList.default([]),
  /** How long the servers may take to answer. */
  SETUP_WAIT: durationMs({ minMs: 1_000, maxMs: 3_600_000, example: '2m' }).default(120_000),
});
export type SetupEnv = z.output<typeof setupEnv>;

/** Of `backup` and `restore`: both servers, and how streams are made anew. */
export const backupEnv = z.object({
  ...setupEnv.omit({ POSTGRES_ADMIN_URL: true }).shape,
  POSTGRES_URL: databaseUrl('postgres://scalpstorm:password@127.0.0.1:5432/scalpstorm'),
});

/** Everybody who speaks on the bus. */
export const busUsers: readonly string[] = [administrator, ...speakers];

/** `market-data` → `NATS_PASSWORD_MARKET_DATA`. */
export const natsPasswordVariable = (user: string): string =>
  `NATS_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`;

const password = () =>
  secret(
    text({ lengthMin: 16, expected: 'at least 16 random characters', example: 'the output of: openssl rand -hex 24' }),
  );

/** Of `nats-users`: the password of everybody who speaks on the bus. */
export const usersEnv = z.object({
  LOG_LEVEL,
  ...Object.fromEntries(busUsers.map((user) => [natsPasswordVariable(user), password()])),
});
