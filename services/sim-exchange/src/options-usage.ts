/** A wrong option or variable: what, which values are allowed, what to try. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(
    readonly code: string,
    readonly field: string,
    readonly allowed: string,
  ) {
    super(`${code}: ${field} must be ${allowed}. Try: scalpstorm sim-exchange --help`);
  }
}
