/** An error that a person reads: a stable code, what happened, where, and what to do next. */
export class Failure extends Error {
  /**
   * @param {string} code stable, SCREAMING_SNAKE
   * @param {string} message what happened
   * @param {{where?: string, next?: string, cause?: unknown, details?: readonly string[], exitCode?: number}} [more]
   */
  constructor(code, message, more = {}) {
    super(message, { cause: more.cause });
    this.name = 'Failure';
    this.code = code;
    this.where = more.where;
    this.next = more.next;
    this.details = more.details ?? [];
    this.exitCode = more.exitCode ?? 1;
  }

  toText() {
    const lines = [`error ${this.code}: ${this.message}`];
    for (const detail of this.details) lines.push(`  - ${detail}`);
    if (this.where) lines.push(`  where: ${this.where}`);
    if (this.next) lines.push(`  next:  ${this.next}`);
    return lines.join('\n');
  }
}

/** What an unknown error looks like to a person; a bug keeps its stack. */
export function errorText(error) {
  if (error instanceof Failure) return error.toText();
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The one way a command of tools/ ends after an error. */
export function exitCodeOf(error) {
  return error instanceof Failure ? error.exitCode : 1;
}
