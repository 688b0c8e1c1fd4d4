import {
  create,
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type DescService,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import {
  type ChannelCredentials,
  Client,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { ProblemSchema, StatusSchema } from '@scalpstorm/contracts/api';

export interface GrpcAnswer<Reply> {
  /** 0 is OK. */
  readonly code: number;
  readonly reply: Reply | null;
  readonly trailers: Metadata;
  /** From `grpc-status-details-bin`. */
  readonly problem: MessageShape<typeof ProblemSchema> | null;
}

export interface GrpcAsking {
  readonly token?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
  /** Sent in the place of the request, whatever it is. */
  readonly bytes?: Uint8Array;
}

/** A client like those that integrators write: generated messages, grpc-js below. */
export class GrpcClient {
  readonly #client: Client;

  constructor(address: string, security: ChannelCredentials = credentials.createInsecure()) {
    this.#client = new Client(address, security);
  }

  call<Method extends DescMethodUnary>(
    method: Method,
    request: MessageInitShape<Method['input']>,
    asking: GrpcAsking = {},
  ): Promise<GrpcAnswer<MessageShape<Method['output']>>> {
    return new Promise((resolve) => {
      let failure: ServiceError | null = null;
      let reply: MessageShape<Method['output']> | null = null;
      const call = this.#client.makeUnaryRequest(
        pathOf(method.parent, method.name),
        (message: MessageShape<Method['input']>) => Buffer.from(asking.bytes ?? toBinary(method.input, message)),
        (bytes: Buffer) => fromBinary(method.output, bytes) as MessageShape<Method['output']>,
        create(method.input, request) as MessageShape<Method['input']>,
        metadataOf(asking),
        { deadline: Date.now() + (asking.deadlineMs ?? 20_000) },
        (error, value) => {
          failure = error;
          reply = value ?? null;
        },
      );
      call.on('status', ({ code, metadata }) => {
        // The callback comes in the same turn, before or after.
        setImmediate(() =>
          resolve({ code: failure?.code ?? code, reply, trailers: metadata, problem: problemOf(metadata) }),
        );
      });
    });
  }

  watch<Method extends DescMethodServerStreaming>(
    method: Method,
    request: MessageInitShape<Method['input']>,
    asking: GrpcAsking = {},
  ): {
    readonly frames: MessageShape<Method['output']>[];
    readonly ended: Promise<ServiceError | null>;
    cancel(): void;
  } {
    const stream: ClientReadableStream<MessageShape<Method['output']>> = this.#client.makeServerStreamRequest(
      pathOf(method.parent, method.name),
      (message: MessageShape<Method['input']>) => Buffer.from(asking.bytes ?? toBinary(method.input, message)),
      (bytes: Buffer) => fromBinary(method.output, bytes) as MessageShape<Method['output']>,
      create(method.input, request) as MessageShape<Method['input']>,
      metadataOf(asking),
    );
    const frames: MessageShape<Method['output']>[] = [];
    stream.on('data', (frame: MessageShape<Method['output']>) => frames.push(frame));
    const ended = new Promise<ServiceError | null>((resolve) => {
      stream.on('error', (error) => resolve(error as ServiceError));
      stream.on('end', () => resolve(null));
    });
    return { frames, ended, cancel: () => stream.cancel() };
  }

  close(): void {
    this.#client.close();
  }
}

const pathOf = (service: DescService, name: string): string => `/${service.typeName}/${name}`;

function metadataOf({ token, metadata = {} }: GrpcAsking): Metadata {
  const sent = new Metadata();
  if (token !== undefined) sent.set('authorization', `Bearer ${token}`);
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
  return sent;
}

export const problemOf = (trailers: Metadata): MessageShape<typeof ProblemSchema> | null =>
  detailOf(trailers, ProblemSchema);

/** The message of that type in `grpc-status-details-bin`. */
export function detailOf<Schema extends DescMessage>(trailers: Metadata, schema: Schema): MessageShape<Schema> | null {
  const [details] = trailers.get('grpc-status-details-bin');
  if (!(details instanceof Buffer)) return null;
  const any = fromBinary(StatusSchema, details).details.find(({ typeUrl }) => typeUrl.endsWith(schema.typeName));
  return any === undefined ? null : fromBinary(schema, any.value);
}
