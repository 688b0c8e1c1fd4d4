import { withVersion } from './if-match.js';
import { assertStorable } from './invalid.js';
import type { AnyRoute } from './route.js';
import type { RequestParts } from './serves.js';

type Recordable = Pick<RequestParts, 'params' | 'query' | 'body'> & {
  readonly headers: Pick<RequestParts['headers'], 'if-match'>;
};

/**
 * What was asked for, as the audit may keep it: what the route reads of path, query and body, and nothing else. Null where it can not be
 * read: what somebody sent by mistake may hold a secret.
 */
export function recordable(route: AnyRoute, { params, query, body, headers }: Recordable): unknown {
  try {
    assertStorable(body);
    const read = route.body.safeParse(route.ifMatch ? withVersion(body, headers['if-match']) : body);
    if (!read.success) return null;
    const aimed = { ...(route.params.parse(params) as object), ...(route.query.parse(query) as object) };
    return Object.keys(aimed).length === 0 ? (read.data ?? null) : { ...aimed, ...(read.data as object) };
  } catch {
    return null;
  }
}
