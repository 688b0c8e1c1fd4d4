import type { Provider } from '@nestjs/common';
import { GrpcCalls } from './grpc-calls.js';
import { GrpcDoor } from './grpc-door.js';
import { GrpcWatch } from './grpc-watch.js';
import { UseCases } from './use-cases.js';

/** What the gRPC door is made of. */
export const grpcProviders: Provider[] = [UseCases, GrpcCalls, GrpcWatch, GrpcDoor];
