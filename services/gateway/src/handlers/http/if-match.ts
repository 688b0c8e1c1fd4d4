import { ProblemRaised, problems } from '../../domain/problem.js';

const oneVersion = /^(?:W\/)?"?(\d{1,10})"?$/;

/**
 * The body with the version that the header If-Match names, e.g. `"17"`; `*` means any (RFC 9110 §13.1.1).
 * @throws ProblemRaised VALIDATION_FAILED for a header that names no version, or another than the body
 */
export function withVersion(body: unknown, ifMatch: string | undefined): unknown {
  if (ifMatch === undefined || ifMatch.trim() === '*') return body;
  const version = oneVersion.exec(ifMatch.trim())?.[1];
  if (version === undefined) throw refused('is not one version', '"<version>" or *');
  // What is no object is refused by the schema, in its own words.
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const named = 'version' in body ? body.version : undefined;
  if (named !== undefined && named !== Number(version)) throw refused('is another than in the body', String(named));
  return { ...body, version: Number(version) };
}

const refused = (what: string, allowed: string): ProblemRaised =>
  new ProblemRaised(
    problems.invalid([
      {
        pointer: '/version',
        code: 'INVALID',
        detail: `the header If-Match ${what}.`,
        allowed,
        next: 'Send the version of what you change, as you read it, in the header or in the body.',
      },
    ]),
  );
