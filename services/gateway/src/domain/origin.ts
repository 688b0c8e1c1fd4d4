/**
 * Whether a browser page of that origin may open the stream. Programs send no origin and have no cookies to abuse, so they
 * may; a page may when it came from here or when its origin is on the list.
 */
export function isOriginAllowed(asked: {
  readonly origin: string | undefined;
  readonly host: string | undefined;
  readonly allowed: readonly string[];
}): boolean {
  const { origin, host, allowed } = asked;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
