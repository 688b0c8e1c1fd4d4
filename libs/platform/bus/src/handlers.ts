import { type ArgumentsHost, applyDecorators, Catch, type ExceptionFilter, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import type { Contract, Question } from '@scalpstorm/contracts';
import { type Observable, throwError } from 'rxjs';
import type { Outcome } from './outcome.js';
import type { HearsOptions, ListensOptions, MessageContext } from './receiver.js';

/** What a decorator leaves on its method, for the transport. Types are erased; the contract's codec guarantees the match. */
export type Binding =
  | { readonly kind: 'hears'; readonly contract: Contract<unknown>; readonly options: HearsOptions<unknown> }
  | { readonly kind: 'listens'; readonly contract: Contract<unknown>; readonly options: ListensOptions }
  | { readonly kind: 'answers'; readonly question: Question<unknown, unknown> };

/** Only our transport registers these handlers, whatever else the application connects. */
export const scalpstormTransport = Symbol.for('scalpstorm.bus');

/** A method that hears less than it is told fits as well, so only the value of the descriptor is looked at. */
type HandlerDecorator<Handle> = (
  target: object,
  name: string | symbol,
  descriptor: { readonly value?: Handle },
) => void;

/**
 * A durable consumer of this service: at least once, acknowledged by the Outcome, in order per key. One handler a contract.
 * A handler that throws weather is repeated until it passes, one that throws anything else a bounded number of times; a
 * BrokenInvariant ends the process.
 */
export function Hears<E>(
  contract: Contract<E>,
  options: HearsOptions<E> = {},
): HandlerDecorator<(event: E, context: MessageContext) => Promise<Outcome>> {
  return bound({ kind: 'hears', contract, options } as Binding);
}

/** Core NATS: at most once, newest wins. A handler that throws has missed this one. */
export function Listens<E>(
  contract: Contract<E>,
  options: ListensOptions = {},
): HandlerDecorator<(event: E) => void | Promise<void>> {
  return bound({ kind: 'listens', contract, options } as Binding);
}

/** Answers a question; what it throws reaches the asker as NoAnswer `FAILED`, without the text. */
export function Answers<Q, R>(question: Question<Q, R>): HandlerDecorator<(request: Q) => Promise<R>> {
  return bound({ kind: 'answers', question } as Binding);
}

let handlers = 0;

function bound<Handle>(binding: Binding): HandlerDecorator<Handle> {
  handlers += 1;
  const { subject } = binding.kind === 'answers' ? binding.question : binding.contract;
  // Numbered, because Nest chains handlers of equal patterns into one, and each of ours stands for itself.
  const pattern = `${binding.kind} ${subject} #${handlers}`;
  const route = binding.kind === 'answers' ? MessagePattern : EventPattern;
  return applyDecorators(
    route<string>(pattern, scalpstormTransport, { binding }),
    UseFilters(new PassOn()),
    eventAndContext,
  ) as HandlerDecorator<Handle>;
}

/** Without it Nest hands over the event alone. */
const eventAndContext: MethodDecorator = (target, name) => {
  Payload()(target, name, 0);
  Ctx()(target, name, 1);
};

/** Nest would replace an unknown error by "Internal server error"; the bus decides by the error itself. */
@Catch()
class PassOn implements ExceptionFilter {
  catch(exception: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => exception);
  }
}
