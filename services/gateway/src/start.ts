import 'reflect-metadata';
import type { Server as TlsServer } from 'node:tls';
import { ScalpstormTransport } from '@scalpstorm/bus';
import { loadConfig } from '@scalpstorm/config';
import { createServiceApp, Log, Metrics, type ServiceOptions } from '@scalpstorm/observability';
import { gatewayConfig } from './config.js';
import { problems } from './domain/problem.js';
import { GatewayModule } from './gateway.module.js';
import { GrpcDoor } from './handlers/grpc/grpc-door.js';
import { bodyBytesMax, sendProblem } from './handlers/http/problem.filter.js';
import { guardDoor } from './handlers/http/public-door.js';
import { measureRequests } from './handlers/http/request-metrics.js';
import { GatewaySettings } from './ports/gateway-settings.js';
import { Passwords } from './ports/passwords.js';
import { RateLimits } from './ports/rate-limits.js';
import { readTlsPair, tlsSettings, watchTlsFiles } from './tls-files.js';
import { isWithin } from './use-cases/allowed-address.js';

export interface RunningGateway {
  /** Where it listens, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Of health and metrics. */
  readonly operationsUrl: string;
  /** `host:port` of the gRPC door; null while it is closed. */
  readonly grpcAddress: string | null;
  close(): Promise<void>;
}

export interface GatewayOptions extends Pick<ServiceOptions, 'ownsProcess' | 'log'> {
  /** In tests, which log in again and again: instead of the module's own, whose cost keeps thieves out. */
  readonly passwords?: Passwords;
}

const moduleWith = (passwords: Passwords | undefined) =>
  passwords === undefined
    ? GatewayModule
    : { module: GatewayModule, providers: [{ provide: Passwords, useValue: passwords }] };

/** Runs the gateway until it is closed; resolves when it listens. */
export async function start(
  env: Readonly<Record<string, string | undefined>>,
  { passwords, ...options }: GatewayOptions = {},
): Promise<RunningGateway> {
  const tls = () => {
    const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = loadConfig(gatewayConfig, env);
    return tlsSettings({ certFile, keyFile });
  };
  const service = await createServiceApp(moduleWith(passwords), {
    service: 'gateway',
    env,
    config: gatewayConfig,
    door: {
      bodyBytesMax,
      isProxyTrusted: () => isWithin(loadConfig(gatewayConfig, env).TRUSTED_PROXIES),
      onUnroutable: (error, request, reply) => {
        reply.header('x-request-id', request.id).header('cache-control', 'no-store');
        sendProblem(reply, request, problems.urlUnusable(error.statusCode ?? 400));
      },
      tls: () => {
        const files = tls();
        return files === null ? null : readTlsPair(files);
      },
    },
    ...options,
  });
  const { app } = service;
  const files = tls();
  const { allowedOrigins } = app.get(GatewaySettings);
  // First, so that what the door refuses is measured and marked too.
  measureRequests(app.getHttpAdapter().getInstance(), app.get(Metrics));
  await guardDoor(app, { rateLimits: app.get(RateLimits), allowedOrigins, encrypted: files !== null });
  app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
  const operationsUrl = await service.listen();
  const stopWatching =
    files === null ? () => undefined : watchTlsFiles(files, app.getHttpServer() as unknown as TlsServer, app.get(Log));
  const close = () => {
    stopWatching();
    return service.close();
  };
  return { url: await app.getUrl(), operationsUrl, grpcAddress: app.get(GrpcDoor).address, close };
}
