import { withVersion } from './if-match.js';
import { assertStorable } from './invalid.js';
import type { AnyRoute } from './route.js';
import type { RequestParts } from './serves.js';

/**
 * What was asked for, as the audit may keep it: what the route reads of a body, and nothing else. Null where it can not be read: what
 * somebody sent by mistake may hold a secret.
 */
export function recordable(
  route: AnyRoute,
  { body, headers }: { readonly body: unknown; readonly headers: Pick<RequestParts['headers'], 'if-match'> },
): unknown {
  try {
    assertStorable(body);
    const read = route.body.safeParse(route.ifMatch ? withVersion(body, headers['if-match']) : body);
    return read.success ? (read.data ?? null) : null;
  } catch {
    return null;
  }
}
