import { Injectable } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { assert } from '@scalpstorm/kernel';
import { isObservable, lastValueFrom } from 'rxjs';
import { type Binding, scalpstormTransport } from './handlers.js';
import type { Outcome } from './outcome.js';
import { type Answering, type Hearing, type Listening, Receiver } from './receiver.js';

/** Hands the decorated methods that Nest found, with their guards and interceptors, to the bus. */
@Injectable()
export class ScalpstormTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = scalpstormTransport;
  override readonly propagatesEventHandlerErrors = true;

  constructor(private readonly receiver: Receiver) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    const bindings = [...this.messageHandlers.values()].map(bindingOf);
    const hears = bindings.flatMap(hearingOf);
    const listens = bindings.flatMap(listeningOf);
    const answers = bindings.flatMap(answeringOf);
    this.receiver.receive({ hears, listens, answers }).then(() => callback(), callback);
  }

  async close(): Promise<void> {
    await this.receiver.drain();
  }

  override on(): never {
    throw new Error('the bus has no transport events: use its health check and metrics');
  }

  override unwrap<T>(): T {
    throw new Error('the bus does not give out its connection');
  }
}

interface Bound {
  readonly binding: Binding;
  readonly handler: MessageHandler;
}

function bindingOf(handler: MessageHandler): Bound {
  const binding: Binding | undefined = handler.extras?.['binding'];
  assert(binding !== undefined, 'handlers of the bus are declared with @Hears, @Listens or @Answers');
  assert(handler.next === undefined, 'every handler of the bus has its own pattern');
  return { binding, handler };
}

function hearingOf({ binding, handler }: Bound): Hearing[] {
  if (binding.kind !== 'hears') return [];
  const { contract, options } = binding;
  return [{ contract, options, handle: async (event, context) => outcomeOf(await call(handler, event, context)) }];
}

function listeningOf({ binding, handler }: Bound): Listening[] {
  if (binding.kind !== 'listens') return [];
  const { contract, options } = binding;
  const on = async (event: unknown) => {
    await call(handler, event);
  };
  return [{ contract, options, on }];
}

function answeringOf({ binding, handler }: Bound): Answering[] {
  if (binding.kind !== 'answers') return [];
  return [{ question: binding.question, answer: (request) => call(handler, request) }];
}

/** Interceptors and filters give an observable; its last value is the answer, its error the failure. */
async function call(handler: MessageHandler, ...args: readonly unknown[]): Promise<unknown> {
  const [data, context] = args;
  const result: unknown = await handler(data, context);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

const kinds: readonly string[] = ['done', 'retry', 'poison'] satisfies readonly Outcome['kind'][];

function outcomeOf(value: unknown): Outcome {
  const known = typeof value === 'object' && value !== null && 'kind' in value && kinds.includes(String(value.kind));
  assert(known, 'a @Hears handler returns done, retry(…) or poison(…)');
  return value as Outcome;
}
