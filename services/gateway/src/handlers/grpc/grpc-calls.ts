import { randomUUID } from 'node:crypto';
import { fromJson, type JsonObject, type JsonValue, type Message, toJson } from '@bufbuild/protobuf';
import { Injectable } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import type { Principal } from '../../domain/principal.js';
import { type Problem, ProblemRaised, problems, type Repeat } from '../../domain/problem.js';
import { type Budget, RateLimits } from '../../ports/rate-limits.js';
import { Admission } from '../../use-cases/admission.js';
import { AuditedCommands } from '../../use-cases/audited-commands.js';
import { Repeats } from '../../use-cases/repeats.js';
import { isBrake } from '../http/brake.js';
import { expectedProblemOf } from '../http/problem.filter.js';
import { recordable } from '../http/recordable.js';
import type { AnyRoute, Call } from '../http/route.js';
import { callOf } from '../http/serves.js';
import type { GrpcMethod } from './grpc-method.js';
import { assertReadable } from './unreadable-request.js';
import { UseCases } from './use-cases.js';

/** Calls that are being answered at once, of all clients together. */
export const callsAtOnceMax = 256;

/** What comes with a call besides its message. */
export interface CallContext {
  readonly requestId: string;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly clientAddress: string;
  /** The client has gone or its deadline has passed: nothing more is begun for it. */
  readonly isOver: () => boolean;
}

export type Answered =
  | { readonly ok: true; readonly reply: Message; readonly replayed: boolean }
  | { readonly ok: false; readonly problem: Problem };

/** Answers one call as HTTP would: who asks, may they, was it asked before, is it well formed, and then the use case. */
@Injectable()
export class GrpcCalls {
  #underWay = 0;

  constructor(
    private readonly admission: Admission,
    private readonly rateLimits: RateLimits,
    private readonly repeats: Repeats,
    private readonly useCases: UseCases,
    private readonly audited: AuditedCommands,
    private readonly log: Log,
  ) {}

  async answer(method: GrpcMethod, request: Message, context: CallContext): Promise<Answered> {
    // The brake is never refused for want of room.
    if (this.#underWay >= callsAtOnceMax && !isBrake(method.route.method, method.route.path))
      return { ok: false, problem: problems.tooManyAtOnce(callsAtOnceMax) };
    this.#underWay += 1;
    try {
      const { body, replayed } = await this.#run(method, request, context);
      const json = method.shape(body ?? null) as JsonValue;
      return { ok: true, reply: fromJson(method.rpc.output, json, { ignoreUnknownFields: true }), replayed };
    } catch (error) {
      const about = { requestId: context.requestId, method: method.rpc.name, repeat: repeatOf(method, context) };
      return { ok: false, problem: this.problemOf(error, about) };
    } finally {
      this.#underWay -= 1;
    }
  }

  /** The same limit that requests over HTTP from there count against. @throws ProblemRaised RATE_LIMITED */
  async countAddress(clientAddress: string, budget: Budget = 'usual'): Promise<void> {
    const { exceeded, resetSeconds } = await this.rateLimits.enter('address', clientAddress, budget);
    if (exceeded) throw new ProblemRaised(problems.rateLimited(resetSeconds));
  }

  /** What nobody expected is logged under the request's id. */
  problemOf(error: unknown, { requestId, method, repeat }: About): Problem {
    const expected = expectedProblemOf(error, repeat);
    if (expected === null) this.log.error({ error, requestId, method }, 'a call failed');
    return expected ?? problems.internal();
  }

  async #run(method: GrpcMethod, request: Message, context: CallContext) {
    const { route } = method;
    await this.countAddress(context.clientAddress, isBrake(route.method, route.path) ? 'brake' : 'usual');
    assertReadable(request);
    const principal = await this.#admitted(route, context);
    const asked = askedOf(method, toJson(method.rpc.input, request) as JsonObject);
    const work = (commandId: string) => {
      if (context.isOver()) throw new ProblemRaised(problems.badRequest('The call was over before it began.'));
      const command = { route, user: principal, asked: () => recordable(route, { ...asked, headers: {} }) };
      // A call that can not be read is refused, and recorded as refused.
      return this.audited.carryOut(command, async () =>
        method.work(this.useCases, callFor(route, asked, { principal, commandId, context })),
      );
    };
    if (!route.idempotent || principal === undefined) return { body: await work(randomUUID()), replayed: false };
    // The same content as over HTTP: a key that was used there is known here.
    const content = [route.method, asked.url, this.repeats.contentOf(route, asked.body)];
    const { status, secretReply } = route;
    const keyed = { userId: principal.userId, key: context.idempotencyKey, content, status, secretReply };
    return this.repeats.answer(keyed, async (commandId) => work(commandId));
  }

  /** Undefined where anybody may ask. */
  #admitted({ access, personOnly, method }: AnyRoute, context: CallContext): Promise<Principal> | undefined {
    if (access === 'public') return undefined;
    return this.admission.admit(context.authorization, context.clientAddress, {
      access,
      personOnly,
      isCommand: method !== 'GET',
    });
  }
}

interface About {
  readonly requestId: string;
  readonly method: string;
  readonly repeat: Repeat;
}

function repeatOf({ route }: GrpcMethod, { idempotencyKey }: CallContext): Repeat {
  if (route.method === 'GET') return 'reads';
  return idempotencyKey === undefined ? 'unkeyed' : 'keyed';
}

interface Asked {
  readonly url: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: JsonObject;
  readonly body: JsonObject | null;
}

/** The fields of a message where HTTP has them: in the path, behind the question mark or in the body. */
function askedOf({ route, fixed, asked }: GrpcMethod, json: JsonObject): Asked {
  const rest: JsonObject = { ...asked(json) };
  const params: Record<string, unknown> = {};
  const url = route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = fixed[name] ?? rest[name] ?? '';
    delete rest[name];
    params[name] = value;
    return encodeURIComponent(String(value));
  });
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(route.method);
  return { url, params, query: hasBody ? {} : rest, body: hasBody ? rest : null };
}

function callFor(
  route: AnyRoute,
  { params, query, body }: Asked,
  { principal, commandId, context }: { principal: Principal | undefined; commandId: string; context: CallContext },
): Call<AnyRoute> {
  return callOf(route, {
    params,
    query,
    body,
    principal,
    commandId,
    ip: context.clientAddress,
    headers: {},
  }) as Call<AnyRoute>;
}
