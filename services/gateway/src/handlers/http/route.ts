import type { z } from 'zod';
import type { Principal, Right } from '../../domain/principal.js';
import type { Audited } from '../../use-cases/audited-commands.js';

export const tags = [
  'sessions',
  'bots',
  'trading',
  'markets',
  'risk',
  'venue accounts',
  'notifications',
  'research',
  'meta',
] as const;
export type Tag = (typeof tags)[number];

/** `public` needs no token; a right needs a user who has it. */
export type Access = 'public' | Right;

/** One line of the API: everything a client may rely on, declared once, checked at run time and readable by machines. */
export interface Route<Params, Query, Body, Reply> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** In the framework's notation, e.g. `/v1/bots/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params: z.ZodType<Params>;
  readonly query: z.ZodType<Query>;
  readonly body: z.ZodType<Body>;
  readonly status: 200 | 201 | 202 | 204;
  readonly reply: z.ZodType<Reply>;
  /** Answers are kept under the Idempotency-Key. */
  readonly idempotent: boolean;
  /** The answer holds a secret that is shown this once: kept sealed, for ten minutes. */
  readonly secretReply: boolean;
  /** API keys may not call it. */
  readonly personOnly: boolean;
  /** The body holds a secret, so not even a plain hash of it is kept. */
  readonly secretBody: boolean;
  /** Heeds the header If-Match, whose version then stands in the body as `version`. */
  readonly ifMatch: boolean;
  /** What the audit has of each call; null: nothing. */
  readonly audited: Audited<Reply> | null;
  /** Which part of the API it is, for the document. */
  readonly tag: Tag;
}

export type AnyRoute = Route<unknown, unknown, unknown, unknown>;

/** What a handler gets: parsed, and with the user where the route needs one. */
export interface Call<R> {
  readonly params: R extends Route<infer Params, infer _Q, infer _B, infer _R> ? Params : never;
  readonly query: R extends Route<infer _P, infer Query, infer _B, infer _R> ? Query : never;
  readonly body: R extends Route<infer _P, infer _Q, infer Body, infer _R> ? Body : never;
  readonly user: Principal;
  /** The same for a repeated request with the same Idempotency-Key. */
  readonly commandId: string;
  readonly clientAddress: string;
  /** Of the page that asks; null: a program does. */
  readonly origin: string | null;
}

/** A public route has no user. */
export type PublicCall<R> = Omit<Call<R>, 'user'>;

export type ReplyOf<R> = R extends Route<infer _P, infer _Q, infer _B, infer Reply> ? Reply : never;
