import { randomUUID } from 'node:crypto';
import type { Message } from '@bufbuild/protobuf';
import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { extractForeignTrace, HealthRegistry, inContext, Log, Metrics, span } from '@scalpstorm/observability';
import { HealthImplementation } from 'grpc-health-check';
import type { Problem } from '../../domain/problem.js';
import { GatewaySettings } from '../../ports/gateway-settings.js';
import { GrpcSettings } from '../../ports/grpc-settings.js';
import { isWithin } from '../../use-cases/allowed-address.js';
import { clientAddressOf } from '../../use-cases/client-address.js';
import { bodyBytesMax } from '../http/problem.filter.js';
import { type CallContext, GrpcCalls } from './grpc-calls.js';
import { apiServices, packageDefinition, pathOf, serviceDefinition } from './grpc-descriptors.js';
import type { GrpcMethod } from './grpc-method.js';
import { grpcMethods } from './grpc-methods.js';
import { grpcStatusOf, serviceErrorOf } from './grpc-problems.js';
import { GrpcWatch, type WatchCall } from './grpc-watch.js';

const healthEveryMs = 2_000;
const drainMs = 2_000;
const requestIdPattern = /^[\w-]{1,64}$/;

/** Bounds of one connection; those of all together are in the calls and the streams. */
const options = {
  'grpc.max_receive_message_length': bodyBytesMax,
  'grpc.max_send_message_length': 16 * bodyBytesMax,
  'grpc.max_concurrent_streams': 200,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_connection_idle_ms': 600_000,
} as const;

type UnaryCall = ServerUnaryCall<Message, Message>;

/** The gRPC port: calls and streams for programs, with health and reflection. Closed unless GRPC_PORT says where. */
@Injectable()
export class GrpcDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #health = new HealthImplementation();
  readonly #isProxy: (address: string) => boolean;
  #server: Server | null = null;
  #healthTimer: NodeJS.Timeout | null = null;
  #address: string | null = null;

  constructor(
    private readonly settings: GrpcSettings,
    gatewaySettings: GatewaySettings,
    private readonly calls: GrpcCalls,
    private readonly watch: GrpcWatch,
    private readonly healthRegistry: HealthRegistry,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    this.#isProxy = isWithin(gatewaySettings.trustedProxies);
  }

  /** `host:port` where it listens; null while it is closed. */
  get address(): string | null {
    return this.#address;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { port, host, tls } = this.settings;
    if (port === null) {
      this.log.info({}, 'the gRPC door is closed; set GRPC_PORT to open it');
      return;
    }
    const server = new Server(options);
    this.#server = server;
    this.#serve(server);
    const credentials =
      tls === null
        ? ServerCredentials.createInsecure()
        : ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }]);
    const bound = await bind(server, `${host}:${port}`, credentials);
    this.#address = `${host}:${bound}`;
    this.log.info({ address: this.#address, tls: tls !== null }, 'the gRPC door is open');
    await this.#tellHealth();
    this.#healthTimer = setInterval(() => void this.#tellHealth(), healthEveryMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.#healthTimer !== null) clearInterval(this.#healthTimer);
    const server = this.#server;
    if (server === null) return;
    this.#setHealth('NOT_SERVING');
    this.#server = null;
    await drained(server);
  }

  #serve(server: Server): void {
    const byPath = new Map(grpcMethods.map((method) => [pathOf(method.rpc), method]));
    for (const service of apiServices) {
      const handlers = service.methods.map((rpc) => {
        const method = byPath.get(pathOf(rpc));
        if (method !== undefined) return [rpc.name, this.#unary(method)] as const;
        if (rpc.methodKind === 'server_streaming') return [rpc.name, this.#stream(pathOf(rpc))] as const;
        throw new Error(`nothing answers ${pathOf(rpc)}`);
      });
      server.addService(serviceDefinition(service), Object.fromEntries(handlers));
    }
    this.#health.addToServer(server);
    new ReflectionService(packageDefinition()).addToServer(server);
  }

  #unary(method: GrpcMethod) {
    const instance = pathOf(method.rpc);
    return async (call: UnaryCall, callback: sendUnaryData<Message>): Promise<void> => {
      const startedAt = performance.now();
      const context = this.#contextOf(call);
      const answered = await asRequest(call, { instance, context }, () =>
        this.calls.answer(method, call.request, context),
      );
      this.#observe(instance, answered.ok ? null : answered.problem, startedAt);
      if (!answered.ok) {
        callback(serviceErrorOf(answered.problem, { instance, requestId: context.requestId }), null);
        return;
      }
      const trailers = new Metadata();
      trailers.set('request-id', context.requestId);
      if (answered.replayed) trailers.set('idempotent-replayed', 'true');
      callback(null, answered.reply, trailers);
    };
  }

  #stream(instance: string) {
    return async (call: WatchCall): Promise<void> => {
      const startedAt = performance.now();
      const context = this.#contextOf(call);
      const end = (problem: Problem): void => {
        this.#observe(instance, problem, startedAt);
        const error = serviceErrorOf(problem, { instance, requestId: context.requestId });
        call.emit('error', error);
      };
      try {
        await this.watch.watch(call, context, end);
      } catch (error) {
        end(this.calls.problemOf(error, { requestId: context.requestId, method: instance, repeat: 'reads' }));
      }
    };
  }

  #contextOf(call: UnaryCall | WatchCall): CallContext {
    const text = (name: string): string | undefined => {
      const [value] = call.metadata.get(name);
      return typeof value === 'string' ? value : undefined;
    };
    const given = text('x-request-id') ?? '';
    const deadline = call.getDeadline();
    return {
      requestId: requestIdPattern.test(given) ? given : randomUUID(),
      authorization: text('authorization'),
      idempotencyKey: text('idempotency-key'),
      clientAddress: clientAddressOf(call.getPeer().replace(/:\d+$/, ''), text('x-forwarded-for'), this.#isProxy),
      isOver: () => call.cancelled || Number(deadline) <= Date.now(),
    };
  }

  #observe(path: string, problem: Problem | null, startedAt: number): void {
    const durations = this.metrics.histogram({
      name: 'grpc_call_duration_seconds',
      help: 'Time from the arrival of a gRPC call to its answer; of a stream, to its end by us.',
      labels: ['method', 'code'],
    });
    const code = problem === null ? 'OK' : (status[grpcStatusOf(problem.status)] ?? 'INTERNAL');
    durations.observe({ method: path, code }, (performance.now() - startedAt) / 1_000);
  }

  async #tellHealth(): Promise<void> {
    const { ready } = await this.healthRegistry.report();
    if (this.#server !== null) this.#setHealth(ready ? 'SERVING' : 'NOT_SERVING');
  }

  #setHealth(serving: 'SERVING' | 'NOT_SERVING'): void {
    for (const name of ['', ...apiServices.map(({ typeName }) => typeName)]) this.#health.setStatus(name, serving);
  }
}

/** A call is what a request is over HTTP: it has a span, and its id is on every line. */
function asRequest<T>(
  call: UnaryCall,
  { instance, context: { requestId } }: { readonly instance: string; readonly context: CallContext },
  answer: () => Promise<T>,
): Promise<T> {
  const [traceparent] = call.metadata.get('traceparent');
  const place = extractForeignTrace({ traceparent: typeof traceparent === 'string' ? traceparent : undefined });
  const attributes = { 'rpc.system': 'grpc', 'rpc.method': instance };
  return inContext(place, { requestId }, () => span(instance, attributes, answer, { kind: 'server', begins: true }));
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error === null ? resolve(port) : reject(error)));
  });
}

/** Calls under way may end; streams are cut after a moment. */
function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), drainMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
