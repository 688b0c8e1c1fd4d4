// The part of the compose specification that docker-compose.yml uses, closed: an unknown or misspelt key is an error.
import { z } from 'zod';

const words = z.array(z.string());
const command = z.union([z.string(), words]);
const settings = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const duration = z.string().regex(/^(\d+(ms|s|m|h))+$/);
const bytes = z.string().regex(/^\d+(b|k|m|g)$/);

const dependency = z.strictObject({
  condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']),
  restart: z.boolean().optional(),
  required: z.boolean().optional(),
});

const healthcheck = z.strictObject({
  test: z.array(z.string()).min(2),
  interval: duration,
  timeout: duration,
  retries: z.int().positive(),
  start_period: duration.optional(),
});

const service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), target: z.string() }).optional(),
  profiles: words.optional(),
  command: command.optional(),
  entrypoint: command.optional(),
  environment: settings.optional(),
  user: z.string().optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  cap_drop: words.optional(),
  security_opt: words.optional(),
  tmpfs: words.optional(),
  shm_size: bytes.optional(),
  volumes: words.optional(),
  ports: words.optional(),
  networks: words.optional(),
  network_mode: z.enum(['none']).optional(),
  depends_on: z.record(z.string(), dependency).optional(),
  healthcheck: healthcheck.optional(),
  restart: z.enum(['no', 'unless-stopped']),
  stop_signal: z.string().optional(),
  stop_grace_period: duration.optional(),
  logging: z.strictObject({ driver: z.literal('json-file'), options: z.record(z.string(), z.string()) }),
  deploy: z.strictObject({
    resources: z.strictObject({ limits: z.strictObject({ cpus: z.string().regex(/^\d+(\.\d+)?$/), memory: bytes }) }),
  }),
});

export const composeSchema = z.looseObject({
  name: z.string(),
  services: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), service),
  networks: z.record(z.string(), z.strictObject({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.null()),
});

const topLevel = ['name', 'services', 'networks', 'volumes'];

/** @returns {string[]} what is wrong */
export function checkSchema(document) {
  const unknown = Object.keys(document).filter((key) => !topLevel.includes(key) && !key.startsWith('x-'));
  const parsed = composeSchema.safeParse(document);
  return [
    ...unknown.map((key) => `${key}: unknown key`),
    ...(parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)),
  ];
}
