// The variables of a compose file, as docker compose reads them: ${NAME}, ${NAME:-default}, ${NAME:?message}, $$ for a dollar.
const pattern = /\$(?:(\$)|\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?])([^}]*))?\}|([A-Za-z_][A-Za-z0-9_]*))/g;

/**
 * @param {string} text
 * @param {Record<string, string | undefined>} variables
 * @param {(name: string) => void} onUse
 * @throws {Error} for a variable that must be set
 */
export function interpolate(text, variables, onUse = () => undefined) {
  return text.replace(pattern, (_, dollar, braced, operator, rest, plain) => {
    if (dollar !== undefined) return '$';
    const name = braced ?? plain;
    onUse(name);
    const value = variables[name];
    const missing = value === undefined || (operator?.startsWith(':') && value === '');
    if (operator?.endsWith('?') && missing) throw new Error(`${name} is not set: ${rest}`);
    return missing ? (operator?.endsWith('-') ? rest : '') : value;
  });
}

/** Every text of a parsed file, replaced. */
export function interpolateAll(value, replace) {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((entry) => interpolateAll(entry, replace));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, interpolateAll(entry, replace)]));
}

/**
 * A .env file without quotes: NAME=value, where the value may use earlier names.
 * @returns {Record<string, string>}
 */
export function parseEnvironment(text) {
  const variables = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`.env line ${index + 1}: write NAME=value`);
    if (Object.hasOwn(variables, name)) throw new Error(`.env line ${index + 1}: ${name} is there twice`);
    if (/^['"]| #/.test(value)) throw new Error(`.env line ${index + 1}: no quotes and no comment behind a value`);
    variables[name] = interpolate(value, variables);
  }
  return variables;
}
