import type { Refusal } from '@scalpstorm/contracts';

const pattern = /^[a-z0-9][a-z0-9-]{1,38}$/;

/** Names stand in URLs, messages and the command line. Null: fine. */
export function nameRefusal(name: string): Refusal | null {
  if (pattern.test(name)) return null;
  const suggestion = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 39);
  return {
    code: 'INVALID_NAME',
    field: '/name',
    text: `"${name.slice(0, 80)}" is not a name for a bot`,
    allowed: '2 to 39 lower-case letters, digits and hyphens, not beginning with a hyphen',
    next: pattern.test(suggestion) ? `Use "${suggestion}".` : 'Choose another name.',
  };
}

export function refused(code: string, text: string, next: string, rest: Partial<Refusal> = {}): Refusal {
  return { code, field: '', allowed: '', text, next, ...rest };
}
