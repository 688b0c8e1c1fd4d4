import type { Provider } from '@nestjs/common';
import { Environment, loadConfig } from '@scalpstorm/config';
import { gatewayConfig } from '../../config.js';
import { GrpcSettings } from '../../ports/grpc-settings.js';
import { GrpcCalls } from './grpc-calls.js';
import { GrpcDoor } from './grpc-door.js';
import { GrpcWatch } from './grpc-watch.js';
import { UseCases } from './use-cases.js';

/** What the gRPC door is made of. */
export const grpcProviders: Provider[] = [
  { provide: GrpcSettings, useFactory: settingsOf, inject: [Environment] },
  UseCases,
  GrpcCalls,
  GrpcWatch,
  GrpcDoor,
];

function settingsOf({ variables }: Environment): GrpcSettings {
  const { GRPC_PORT, HOST } = loadConfig(gatewayConfig, variables);
  return { port: GRPC_PORT ?? null, host: HOST, tls: null };
}
