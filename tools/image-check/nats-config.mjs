// Reads as much of the configuration of a NATS server as ours has; whatever it does not know it refuses, so that nothing is passed over.

/**
 * Blocks, `name: value` and `include "file"`; comments begin with #.
 * @param {string} text
 * @returns {object} includes stand as `include`
 * @throws {Error} with the line that is not understood
 */
export function parseNatsConfig(text) {
  const top = {};
  const open = [top];
  for (const [index, line] of text.split('\n').entries()) {
    const said = line.replace(/(^|\s)#.*$/, '').trim();
    if (said === '') continue;
    const [, block] = /^([a-z_]+)\s*:?\s*\{$/.exec(said) ?? [];
    const [, name, quoted, plain] = /^([a-z_]+)\s*[:=\s]\s*(?:"([^"]*)"|([^\s{}"]+))$/.exec(said) ?? [];
    const current = open.at(-1);
    if (said === '}' && open.length > 1) open.pop();
    else if (block !== undefined) {
      current[block] = {};
      open.push(current[block]);
    } else if (name !== undefined) current[name] = quoted ?? plain;
    else throw new Error(`line ${index + 1}: ${said} is not understood`);
  }
  if (open.length > 1) throw new Error('a block is not closed');
  return top;
}
