import { offline, problemOf, Refused, timedOut } from '../domain/problem.js';

const requestMs = 20_000;

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
  /** The same for every repeat of one command, so that a repeat is harmless. */
  readonly idempotencyKey?: string;
  /** What is changed, as it was read; the gateway answers 412 when it is another by now. */
  readonly version?: number;
}

/** One request. @throws Refused for every answer that is not the wanted one, and for none at all */
export async function request({ method, path, body, token, idempotencyKey, version }: Asked): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
  if (version !== undefined) headers['if-match'] = `"${version}"`;
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const signal = AbortSignal.timeout(requestMs);
  try {
    const response = await fetch(path, { method, headers, signal, ...content });
    // An answer that breaks off is none.
    const answer = parsed(await response.text());
    if (!response.ok) throw new Refused(problemOf(response.status, answer));
    return answer;
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(error instanceof DOMException && error.name === 'TimeoutError' ? timedOut() : offline());
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
