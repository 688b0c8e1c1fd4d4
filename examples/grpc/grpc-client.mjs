// A generated service description becomes a client: messages by protobuf-es, the wire by grpc-js.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { ProblemSchema, StatusSchema } from './generated/scalpstorm/api/v1/values_pb.js';

const deadlineMs = 20_000;

/**
 * @param {import('@bufbuild/protobuf').DescService} service
 * @param {{address: string, token?: string, secure?: boolean}} to
 */
export function clientOf(service, { address, token, secure = false }) {
  const channel = new Client(address, secure ? credentials.createSsl() : credentials.createInsecure());
  const metadata = (own = {}) => {
    const sent = new Metadata();
    if (token !== undefined) sent.set('authorization', `Bearer ${token}`);
    for (const [name, value] of Object.entries(own)) sent.set(name, value);
    return sent;
  };
  const wire = (method) => [
    `/${service.typeName}/${method.name}`,
    (message) => Buffer.from(toBinary(method.input, message)),
    (bytes) => fromBinary(method.output, bytes),
  ];
  const unary =
    (method) =>
    (request = {}, own = {}) =>
      new Promise((resolve, reject) => {
        const options = { deadline: Date.now() + deadlineMs };
        const done = (error, reply) => (error ? reject(problemOf(error)) : resolve(reply));
        channel.makeUnaryRequest(...wire(method), create(method.input, request), metadata(own), options, done);
      });
  const stream =
    (method) =>
    (request = {}) =>
      channel.makeServerStreamRequest(...wire(method), create(method.input, request), metadata());
  const calls = service.methods.map((method) => [
    method.localName,
    method.methodKind === 'server_streaming' ? stream(method) : unary(method),
  ]);
  return { ...Object.fromEntries(calls), close: () => channel.close() };
}

/** Code, field and next step of a refusal; the gRPC error itself when the gateway said nothing. */
export function problemOf(error) {
  const [details] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (!(details instanceof Buffer)) return error;
  const any = fromBinary(StatusSchema, details).details.find(({ typeUrl }) =>
    typeUrl.endsWith('scalpstorm.api.v1.Problem'),
  );
  return any === undefined ? error : Object.assign(error, { problem: fromBinary(ProblemSchema, any.value) });
}
