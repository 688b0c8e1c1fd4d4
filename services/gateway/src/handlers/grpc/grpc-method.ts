import type { DescMethodUnary, JsonObject } from '@bufbuild/protobuf';
import type { AnyRoute, Call } from '../http/route.js';
import type { UseCases } from './use-cases.js';

/** One call: which line of the API it is, and the use case behind it. */
export interface GrpcMethod {
  readonly rpc: DescMethodUnary;
  /** Gives the role, the schemas of what is asked, and whether a repeat is answered from the ledger. */
  readonly route: AnyRoute;
  /** Parameters of the path that the call's own name says. */
  readonly fixed: Readonly<Record<string, string>>;
  readonly work: (useCases: UseCases, call: Call<AnyRoute>) => Promise<unknown>;
  /** The fields that HTTP has, from the JSON of the message. */
  readonly asked: (message: JsonObject) => JsonObject;
  /** The answer's JSON, from the JSON that HTTP gives. */
  readonly shape: (body: unknown) => unknown;
}

type Ways = Partial<Pick<GrpcMethod, 'shape' | 'fixed' | 'asked'>>;

/** Binds a call to a route, so that `work` sees the route's own types. */
export function on<R>(route: R, rpc: DescMethodUnary) {
  return (work: (useCases: UseCases, call: Call<R>) => Promise<unknown>, ways: Ways = {}): GrpcMethod => ({
    rpc,
    route: route as AnyRoute,
    fixed: {},
    asked: (message) => message,
    shape: (body) => body,
    ...ways,
    work: work as GrpcMethod['work'],
  });
}

/** Puts the row that HTTP gives bare into a field. */
export const as = (field: string) => ({ shape: (body: unknown) => ({ [field]: body }) });

/** Nothing is answered. */
export const done = { shape: () => ({}) };

/** Keeps these fields beside the row, which HTTP gives with them in one object. */
export const beside = (field: string, ...names: readonly string[]) => ({
  shape: (body: unknown) => {
    const row = { ...(body as Record<string, unknown>) };
    const apart: Record<string, unknown> = {};
    for (const name of names) {
      apart[name] = row[name];
      delete row[name];
    }
    return { [field]: row, ...apart };
  },
});
