/** Whether some subject fits both NATS patterns: `*` is one token, a closing `>` one or more. */
export function overlaps(left: string, right: string): boolean {
  return overlapping(left.split('.'), right.split('.'));
}

function overlapping([left, ...lefts]: string[], [right, ...rights]: string[]): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (left === '>' || right === '>') return true;
  if (left !== '*' && right !== '*' && left !== right) return false;
  return overlapping(lefts, rights);
}

/** Whether every subject that fits the inner pattern fits the outer one too. */
export function covers(outer: string, inner: string): boolean {
  return covering(outer.split('.'), inner.split('.'));
}

function covering([outer, ...outers]: string[], [inner, ...inners]: string[]): boolean {
  if (outer === '>') return inner !== undefined;
  if (outer === undefined || inner === undefined) return outer === inner;
  if (inner === '>' || (outer !== '*' && outer !== inner)) return false;
  return covering(outers, inners);
}
