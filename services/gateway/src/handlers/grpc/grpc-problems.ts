import { create, type DescMessage, type Message, toBinary } from '@bufbuild/protobuf';
import { type Any, AnySchema } from '@bufbuild/protobuf/wkt';
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { ErrorInfoSchema, ProblemSchema, RiskService, StatusSchema } from '@scalpstorm/contracts/api';
import type { Swept } from '../../domain/halt-tally.js';
import type { Problem } from '../../domain/problem.js';
import { problemType } from '../http/problem.filter.js';

const domain = 'scalpstorm';
const haltResponse = RiskService.method.halt.output;

/** The gRPC status of an HTTP status; what is not here is INTERNAL. */
const statuses: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  409: status.FAILED_PRECONDITION,
  412: status.FAILED_PRECONDITION,
  413: status.RESOURCE_EXHAUSTED,
  415: status.INVALID_ARGUMENT,
  422: status.INVALID_ARGUMENT,
  423: status.FAILED_PRECONDITION,
  425: status.ABORTED,
  429: status.RESOURCE_EXHAUSTED,
  503: status.UNAVAILABLE,
  504: status.DEADLINE_EXCEEDED,
};

export const grpcStatusOf = (httpStatus: number): status => statuses[httpStatus] ?? status.INTERNAL;

/** Where and when it went wrong. */
export interface Occasion {
  /** E.g. `/scalpstorm.api.v1.BotService/GetBot`. */
  readonly instance: string;
  readonly requestId: string;
}

/**
 * A problem as gRPC tells it: the status, the code and next steps in `grpc-status-details-bin` (google.rpc.Status with an
 * ErrorInfo and our Problem; of an unconfirmed halt a HaltResponse too), and the code in plain text for those who look at trailers only.
 */
export function serviceErrorOf(problem: Problem, { instance, requestId }: Occasion): Partial<ServiceError> {
  const { status: httpStatus, code, title, detail, retryAfterSeconds } = problem;
  const errors = problem.errors.map((error) => ({ ...error }));
  const full = { type: problemType(code), title, status: httpStatus, code, detail, instance, requestId, errors };
  const message = `${code}: ${detail}`;
  const details = [
    packed(ErrorInfoSchema, create(ErrorInfoSchema, { reason: code, domain, metadata: { requestId } })),
    packed(ProblemSchema, create(ProblemSchema, { ...full, retryAfterSeconds })),
  ];
  if (problem.swept !== undefined) details.push(packed(haltResponse, haltOf(problem.swept)));
  const trailers = new Metadata();
  const whole = create(StatusSchema, { code: grpcStatusOf(httpStatus), message, details });
  trailers.set('grpc-status-details-bin', Buffer.from(toBinary(StatusSchema, whole)));
  trailers.set('scalpstorm-code', code);
  trailers.set('request-id', requestId);
  if (retryAfterSeconds !== undefined) trailers.set('retry-after', String(retryAfterSeconds));
  return { code: grpcStatusOf(httpStatus), details: oneLine(message), metadata: trailers };
}

/** Numbers alone: trailers have room for a few thousand bytes, and bots may be many. Who is left is told by a repeat. */
const haltOf = ({ ordersCanceled, remaining: { bots, orders, positions, complete } }: Swept) =>
  create(haltResponse, { ordersCanceled, remaining: { bots, orders, positions, complete } });

/** google.rpc names ErrorInfo; ours has the same bytes. */
function packed(schema: DescMessage, message: Message): Any {
  const name = schema.typeName === ErrorInfoSchema.typeName ? 'google.rpc.ErrorInfo' : schema.typeName;
  return create(AnySchema, { typeUrl: `type.googleapis.com/${name}`, value: toBinary(schema, message) });
}

/** A status message travels as a header. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 1_000);
