import 'reflect-metadata';
import helmet from '@fastify/helmet';
import { ScalpstormTransport } from '@scalpstorm/bus';
import { createServiceApp, Metrics, type ServiceOptions } from '@scalpstorm/observability';
import { gatewayConfig } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { GrpcDoor } from './handlers/grpc/grpc-door.js';
import { bodyBytesMax } from './handlers/http/problem.filter.js';
import { measureRequests } from './handlers/http/request-metrics.js';
import { securityHeaders } from './handlers/http/security-headers.js';

export interface RunningGateway {
  /** Where it listens, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  /** `host:port` of the gRPC door; null while it is closed. */
  readonly grpcAddress: string | null;
  close(): Promise<void>;
}

/** Runs the gateway until it is closed; resolves when it listens. */
export async function start(
  env: Readonly<Record<string, string | undefined>>,
  options: Pick<ServiceOptions, 'ownsProcess' | 'log'> = {},
): Promise<RunningGateway> {
  const service = await createServiceApp(GatewayModule, {
    service: 'gateway',
    env,
    config: gatewayConfig,
    bodyBytesMax,
    ...options,
  });
  const { app } = service;
  await app.register(helmet, securityHeaders);
  measureRequests(app.getHttpAdapter().getInstance(), app.get(Metrics));
  app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
  const url = await service.listen();
  return { url, grpcAddress: app.get(GrpcDoor).address, close: () => service.close() };
}
