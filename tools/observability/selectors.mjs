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
