/**
 * `bot:bot_1` under the name that its owner gave it: `the bot calm`, `the venue sim`, `the whole platform`.
 * @param me who is logged in: what is all of theirs is no user with a number
 */
export function scopeWords(scope: string, botNames: ReadonlyMap<string, string>, me?: string): string {
  const [kind = '', ...rest] = scope.split(':');
  const id = rest.join(':');
  if (kind === 'platform') return 'the whole platform';
  if (kind === 'user' && id === me) return 'all of yours';
  if (kind === 'bot') return `the bot ${botNames.get(id) ?? id}`;
  return `the ${kind === 'instrument' ? 'market' : kind} ${id}`;
}

/** What belongs to everybody: to let go of it wants a word typed. */
export const isEverybodys = (scope: string): boolean =>
  scope === 'platform' || scope.startsWith('venue:') || scope.startsWith('instrument:');

/** Who said it, for whoever is logged in as `me`; empty where nobody is known. */
export function speakerWords(by: string, me: string | undefined): string {
  if (by === '') return '';
  if (by === me) return 'you';
  const [kind, breaker = ''] = by.split(':');
  return kind === 'breaker' ? `the circuit breaker of ${breaker.replaceAll('-', ' ')}` : by;
}
