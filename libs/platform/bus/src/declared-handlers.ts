import { PATTERN_EXTRAS_METADATA } from '@nestjs/microservices/constants.js';
import type { Binding } from './handlers.js';
import type { Handlers } from './receiver.js';

type Method = (event: unknown, context?: unknown) => Promise<unknown>;

/**
 * What the methods of controllers declare with @Hears, @Listens and @Answers, for whoever drives them without Nest: the very same
 * keys and concurrency, and neither guards nor interceptors.
 */
export function declaredHandlers(controllers: readonly object[]): Handlers {
  const declared = controllers.flatMap(bindingsOf);
  return {
    hears: declared.flatMap(({ binding, call }) =>
      binding.kind === 'hears' ? [{ ...binding, handle: call as Handlers['hears'][number]['handle'] }] : [],
    ),
    listens: declared.flatMap(({ binding, call }) =>
      binding.kind === 'listens' ? [{ ...binding, on: call as Handlers['listens'][number]['on'] }] : [],
    ),
    answers: declared.flatMap(({ binding, call }) =>
      binding.kind === 'answers' ? [{ ...binding, answer: call }] : [],
    ),
  };
}

function bindingsOf(controller: object): { readonly binding: Binding; readonly call: Method }[] {
  const prototype: object = Object.getPrototypeOf(controller);
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    if (typeof method !== 'function') return [];
    const extras: { readonly binding?: Binding } | undefined = Reflect.getMetadata(PATTERN_EXTRAS_METADATA, method);
    const call: Method = (...given) => method.apply(controller, given);
    return extras?.binding === undefined ? [] : [{ binding: extras.binding, call }];
  });
}
