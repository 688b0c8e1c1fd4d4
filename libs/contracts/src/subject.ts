import { assert } from '@scalpstorm/kernel';
import type { Speaker } from './contract.js';

/** One token of a NATS subject as we use it: nothing that NATS could read as a wildcard or a separator. */
const tokenPattern = /^[A-Za-z0-9_-]{1,64}$/;
const namespacePattern = /^[a-z0-9-]{1,24}$/;
const placeholderPattern = /^\{([a-z]+)\}$/;
const speakerPlaceholder = '{speaker}';

export const isToken = (text: string): boolean => tokenPattern.test(text);

/** The names in braces, in order. */
export function placeholders(subject: string): string[] {
  return subject.split('.').flatMap((token) => placeholderPattern.exec(token)?.[1] ?? []);
}

/**
 * The subject to listen on: the tokens given are filled in, every other placeholder becomes `*`.
 * Never `>`: the permissions allow exactly as many tokens as the subject has.
 */
export function subjectFilter(subject: string, tokens: Readonly<Record<string, string>> = {}): string {
  const known = placeholders(subject);
  for (const name of Object.keys(tokens)) assert(known.includes(name), `${subject} has no token {${name}}`);
  return subject
    .split('.')
    .map((part) => {
      const name = placeholderPattern.exec(part)?.[1];
      if (name === undefined) return part;
      const token = tokens[name];
      if (token === undefined) return '*';
      assert(isToken(token), `not a subject token for ${subject}: ${token}`);
      return token;
    })
    .join('.');
}

/** Fills `{speaker}`, which only the connection knows; `route` leaves it in place. */
export function withSpeaker(subject: string, speaker: Speaker): string {
  return subject.replace(speakerPlaceholder, speaker);
}

/** The subject as it is on the wire: `<namespace>.<subject>`. */
export function inNamespace(namespace: string, subject: string): string {
  assert(namespacePattern.test(namespace), `not a namespace: ${namespace}`);
  return `${namespace}.${subject}`;
}

/** Makes the `route` of a contract; checks once that every placeholder has its token. */
export function router<Event>(
  subject: string,
  tokens: Readonly<Record<string, (event: Event) => string>>,
): (event: Event) => string {
  const readers = subject.split('.').map((part) => {
    const name = placeholderPattern.exec(part)?.[1];
    if (name === undefined || part === speakerPlaceholder) return part;
    const reader = tokens[name];
    assert(reader !== undefined, `${subject}: no token for {${name}}`);
    return reader;
  });
  if (readers.every((reader) => typeof reader === 'string')) return () => subject;
  return (event) => {
    let routed = '';
    for (const reader of readers) {
      const token = typeof reader === 'string' ? reader : reader(event);
      assert(typeof reader === 'string' || isToken(token), `not a subject token for ${subject}: ${token}`);
      routed += routed === '' ? token : `.${token}`;
    }
    return routed;
  };
}
