import { randomUUID } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  commonEnv,
  describeConfig,
  EnvironmentModule,
  type EnvironmentVariables,
  loadConfig,
  publicEnv,
} from '@scalpstorm/config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { BrokenInvariantFilter } from './broken-invariant.filter.js';
import { HealthRegistry } from './health.js';
import { traceRequests } from './http-requests.js';
import { type Log, PinoLog } from './log.js';
import { Metrics } from './metrics.js';
import { NestLog } from './nest-log.js';
import { ObservabilityModule } from './observability.module.js';
import { type OperationsPort, openOperationsPort } from './operations-port.js';
import { failStart, ownProcess } from './service-process.js';

export interface ServiceOptions {
  /** E.g. `execution`; on every log line, metric and span. */
  readonly service: string;
  readonly env: EnvironmentVariables;
  /** The service's whole schema: checked before anything starts, and printed redacted. Default: `commonEnv` alone. */
  readonly config?: z.ZodObject;
  /** Of a service that others call over HTTP; without it nothing but the operations port is opened. */
  readonly door?: PublicDoor;
  /** False in tests: no signal handlers, no exit; errors are thrown instead. Default: true. */
  readonly ownsProcess?: boolean;
  /** In tests: where the log lines go. */
  readonly log?: Log;
}

/** The public port, `HOST` and `PORT`: the controllers of the module. */
export interface PublicDoor {
  /** Larger request bodies are refused with 413. */
  readonly bodyBytesMax?: number;
  /** Certificate chain and key, PEM; null or not there: plain HTTP. Called once, when the rest of the configuration is good. */
  readonly tls?: () => { readonly cert: string; readonly key: string } | null;
  /** Whose X-Forwarded-For is believed; without it nobody's. Asked for once, when the configuration is known to be good. */
  readonly isProxyTrusted?: () => (address: string) => boolean;
  /** Answers what fails before any route is found, e.g. a URL that cannot be decoded; no hook has run then. */
  readonly onUnroutable?: (
    error: Error & { statusCode?: number },
    request: FastifyRequest,
    reply: FastifyReply,
  ) => void;
}

export interface ServiceApp {
  /** `getUrl()` is the address of the public port, once it listens. */
  readonly app: NestFastifyApplication;
  /**
   * Opens the operations port and then the door, if there is one, and starts connected microservices; from then on the service can
   * be ready. Returns the address of health and metrics.
   */
  listen(): Promise<string>;
  close(): Promise<void>;
}

const commonSchema = z.object(commonEnv);
const publicSchema = z.object(publicEnv);
const bodyBytesMaxDefault = 256 * 1024;

/** Wraps the service's module with what every service has. A process that cannot start says why and exits. */
export async function createServiceApp(module: Type | DynamicModule, options: ServiceOptions): Promise<ServiceApp> {
  const { service, env, ownsProcess = true } = options;
  const log = options.log ?? PinoLog.create({ service, level: levelOf(env) });
  try {
    return await build(module, { ...options, log, ownsProcess });
  } catch (error) {
    if (ownsProcess) return failStart(log, error);
    throw error;
  }
}

async function build(
  module: Type | DynamicModule,
  { service, env, config: schema = commonSchema, door, ownsProcess, log }: ServiceOptions & { log: Log },
): Promise<ServiceApp> {
  const whole = z.object({ ...commonEnv, ...(door === undefined ? {} : publicEnv), ...schema.shape });
  const settings = loadConfig(whole, env);
  const config = loadConfig(commonSchema, env);
  log.info({ settings: describeConfig(whole, settings) }, 'starting');
  const imports = [EnvironmentModule.forRoot(env), ObservabilityModule.forRoot({ service, log }), module];
  // Loaded by those who serve; most who import this package do not.
  const { NestFactory } = await import('@nestjs/core');
  const adapter = await adapterFor(door ?? {});
  const app = await NestFactory.create<NestFastifyApplication>({ module: ServiceModule, imports }, adapter, {
    logger: new NestLog(log),
    abortOnError: false,
  });
  app.useGlobalFilters(new BrokenInvariantFilter());
  traceRequests(adapter.getInstance());
  const health = app.get(HealthRegistry);
  let operations: OperationsPort | undefined;
  const close = async () => {
    health.enter('stopping');
    try {
      await app.close();
    } finally {
      await operations?.close();
    }
  };
  const open = async () => {
    const at = { host: config.OPERATIONS_HOST, port: config.OPERATIONS_PORT };
    operations = await openOperationsPort({ health, metrics: app.get(Metrics), log }, at);
    const operationsUrl = operations.url;
    const { HOST, PORT } = loadConfig(publicSchema, door === undefined ? {} : env);
    await (door === undefined ? app.init() : app.listen(PORT, HOST));
    await app.startAllMicroservices();
    health.enter('serving');
    log.info({ operationsUrl, ...(door === undefined ? {} : { url: await app.getUrl() }) }, 'serving');
    // Node writes it when a process ends by itself, which one that is killed does not. Nothing without NODE_COMPILE_CACHE.
    flushCompileCache();
    return operationsUrl;
  };
  const listen = async () => {
    try {
      return await open();
    } catch (error) {
      if (ownsProcess) return failStart(log, error);
      throw error;
    }
  };
  if (ownsProcess) ownProcess({ service, log, close }, { withParent: config.SCALPSTORM_PARENT === 'stdin' });
  return { app, listen, close };
}

/** Requests and answers have schemas of zod. Fastify's own compilers would be loaded at every start, and serve nothing. */
const withoutSchemas = () => {
  throw new Error('a route of ours has no schema of Fastify: say what it takes with zod');
};

async function adapterFor({ bodyBytesMax, tls, isProxyTrusted, onUnroutable }: PublicDoor): Promise<FastifyAdapter> {
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  const pair = tls?.() ?? null;
  return new FastifyAdapter({
    bodyLimit: bodyBytesMax ?? bodyBytesMaxDefault,
    ...(pair === null ? {} : { https: pair }),
    ...(isProxyTrusted === undefined ? {} : { trustProxy: isProxyTrusted() }),
    ...(onUnroutable === undefined ? {} : { frameworkErrors: onUnroutable }),
    requestTimeout: 30_000,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    schemaController: { compilersFactory: { buildValidator: withoutSchemas, buildSerializer: withoutSchemas } },
  });
}

/** The level is wanted before the configuration is known to be good. */
function levelOf(env: EnvironmentVariables) {
  const parsed = commonEnv.LOG_LEVEL.safeParse(env['LOG_LEVEL']);
  return parsed.success ? parsed.data : 'info';
}

@Module({})
class ServiceModule {}
