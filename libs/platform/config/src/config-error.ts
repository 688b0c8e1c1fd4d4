/** One wrong variable. */
export interface ConfigProblem {
  readonly variable: string;
  /** `is not set`, or `is "…"` (never the value of a secret). */
  readonly fault: string;
  readonly expected: string;
  /** A value that would pass; empty when none is known. */
  readonly example: string;
}

/** The process cannot start like this. The message is for the person who starts it and names every wrong variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(messageOf(problems));
  }
}

function messageOf(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ variable, fault, expected, example }) => {
    const suffix = example === '' ? '' : ` Example: ${variable}=${example}`;
    return `  ${variable} ${fault}. Expected: ${expected}.${suffix}`;
  });
  const title = problems.length === 1 ? '1 setting is wrong:' : `${problems.length} settings are wrong:`;
  return [title, ...lines].join('\n');
}
