const keywords = new Set(['and', 'or', 'unless', 'offset', 'bool', 'inf', 'nan', 'atan2', 'start', 'end']);
/** Each is followed by a list of labels in parentheses, which are no series. */
const groupings = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);

/** A string, a range or subquery, matchers, a duration or number, a name, or any other sign. */
const token =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\]|\{(?:[^}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\}|\d[\w.]*|[A-Za-z_:][\w:]*|\S/g;

/**
 * The vector selectors of an expression, as they are written there: `sum(rate(a{b="c"}[5m])) / d` has `a{b="c"}` and `d`.
 * @param {string} expression in PromQL
 * @returns {readonly string[]}
 */
export function selectorsOf(expression) {
  const tokens = expression.match(token) ?? [];
  const selectors = new Set();
  for (let index = 0; index < tokens.length; index += 1) {
    const [word, next] = [tokens[index], tokens[index + 1]];
    if (groupings.has(word) && next === '(') {
      index = tokens.indexOf(')', index);
    } else if (word.startsWith('{')) {
      selectors.add(word);
    } else if (/^[A-Za-z_:]/.test(word) && isSeries(word, next)) {
      const matchers = next?.startsWith('{') ? next : '';
      selectors.add(`${word}${matchers}`);
      if (matchers !== '') index += 1;
    }
  }
  return [...selectors];
}

/** A function is followed by its arguments, an aggregation by them or by its grouping. */
function isSeries(word, next) {
  return next !== '(' && !groupings.has(next) && !groupings.has(word) && !keywords.has(word.toLowerCase());
}

const quoted = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

/**
 * Every label that an expression names: of a selector, with whatever value, or of a grouping. A label that nothing has changes
 * nothing that is seen: `by (typo)` gives data, and so does `typo!="x"`.
 * @returns {readonly {label: string, of: readonly string[]}[]} one of `of` has to have it
 */
export function labelsOf(expression) {
  const selectors = selectorsOf(expression);
  const matched = selectors.flatMap((selector) => {
    const [name, matchers = ''] = selector.replace(quoted, '""').split('{');
    const bare = name === '' ? [selector] : [name];
    return [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => ({ label, of: bare }));
  });
  const grouped = [
    ...expression.replace(quoted, '""').matchAll(/\b(?:by|on|group_left|group_right)\s*\(([^)]*)\)/g),
  ].flatMap(([, list]) => (list.match(/\w+/g) ?? []).map((label) => ({ label, of: selectors })));
  return [...matched, ...grouped].filter(({ label, of }) => label !== '__name__' && of.length > 0);
}
