import {
  type DescFile,
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type Message,
  toBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import {
  ActivityService,
  ApiKeyService,
  AuditService,
  BacktestService,
  BotService,
  MarketService,
  NotificationService,
  OptimisationService,
  OrderPlanService,
  OrderService,
  PlatformService,
  PortfolioService,
  ReconciliationService,
  RiskService,
  SessionService,
  StrategyService,
  StreamService,
  UserService,
  VenueAccountService,
} from '@scalpstorm/contracts/api';
import { protoPath } from 'grpc-health-check';
import { UnreadableRequest } from './unreadable-request.js';

/** Everything that the door serves besides health and reflection. */
export const apiServices: readonly DescService[] = [
  BotService,
  OrderService,
  OrderPlanService,
  PortfolioService,
  ReconciliationService,
  ActivityService,
  StrategyService,
  RiskService,
  MarketService,
  SessionService,
  UserService,
  ApiKeyService,
  VenueAccountService,
  NotificationService,
  BacktestService,
  OptimisationService,
  AuditService,
  PlatformService,
  StreamService,
];

export const pathOf = (rpc: DescMethod): string => `/${rpc.parent.typeName}/${rpc.name}`;

export function serviceDefinition(service: DescService): ServiceDefinition {
  return Object.fromEntries(service.methods.map((rpc) => [rpc.name, methodDefinition(rpc)]));
}

function methodDefinition(rpc: DescMethod): MethodDefinition<Message | UnreadableRequest, Message> {
  return {
    path: pathOf(rpc),
    requestStream: false,
    responseStream: rpc.methodKind === 'server_streaming',
    requestSerialize: (message) => writes(rpc.input)(message as Message),
    requestDeserialize: readsIfItCan(rpc.input),
    responseSerialize: writes(rpc.output),
    responseDeserialize: reads(rpc.output),
  };
}

const writes = (schema: DescMessage) => (message: Message) => Buffer.from(toBinary(schema, message));
const reads = (schema: DescMessage) => (bytes: Buffer) => fromBinary(schema, bytes);
const readsIfItCan = (schema: DescMessage) => (bytes: Buffer) => {
  try {
    return fromBinary(schema, bytes);
  } catch {
    return new UnreadableRequest(schema.typeName);
  }
};

/** For reflection: the same descriptors that the code was generated from, so they cannot differ from it. */
export function packageDefinition(): PackageDefinition {
  const files = new Map<string, DescFile>();
  const add = (file: DescFile): void => {
    if (files.has(file.name)) return;
    for (const dependency of file.dependencies) add(dependency);
    files.set(file.name, file);
  };
  for (const { file } of apiServices) add(file);
  const ofApi = [...files.values()].map(({ proto }) => Buffer.from(toBinary(FileDescriptorProtoSchema, proto)));
  return { health: filesOf(loadSync(protoPath)), api: { ...described, fileDescriptorProtos: ofApi } };
}

const described = { format: 'Protocol Buffer 3 EnumDescriptorProto', type: {} } as const;

/** Every entry of a package brings all of its files, and reflection decodes them again for each: one entry says as much. */
function filesOf(definition: PackageDefinition): PackageDefinition[string] {
  const entry = Object.values(definition).find((one) => 'fileDescriptorProtos' in one);
  if (entry === undefined) throw new Error(`${protoPath} describes no message`);
  return entry;
}
