const pattern = /^[a-z0-9][a-z0-9-]{1,38}$/;

/** The rule of the strategy service, told before it is asked. Null: fine. */
export function nameFault(name: string): string | null {
  if (pattern.test(name)) return null;
  if (name === '') return 'Give it a name.';
  const fixed = slug(name);
  const rule = '2 to 39 small letters, digits and hyphens, not beginning with a hyphen.';
  return pattern.test(fixed) && fixed !== name ? `${rule} Perhaps ${fixed}?` : rule;
}

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 39);

export const nameSuggestion = (symbol: string): string => `my-${slug(symbol)}`;
