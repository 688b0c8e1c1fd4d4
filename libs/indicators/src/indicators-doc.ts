import type { Indicator } from './define.js';
import { allowedOf, periodMax } from './parameters.js';
import { indicators } from './registry.js';
import { magnitudeMax } from './stream.js';

const preamble = `# Indicators

Generated from the table in \`libs/indicators\` by \`node libs/indicators/scripts/indicators-doc.mjs\`; do not edit.

Every indicator has a streaming and a batch form that give the same numbers bit for bit, and no row knows anything of later rows. The first
value comes with the row that "warm" says; before it there is NaN. A prime (close′) is the row before, Wilder(x) the average
a + (x − a) ÷ period that begins with a mean. Periods are whole numbers up to ${periodMax}, inputs numbers up to ${magnitudeMax}; NaN and infinities
are refused, because a recursive average would never be rid of them. Memory is as much as the windows hold, an update takes constant time on
average and at most as many steps as the longest window. Sums of windows are renewed with every window: nothing drifts, and what has left
a window leaves no residue. Against exact arithmetic with a noise of 1 upon 10⁹: averages to 2.3 × 10⁻¹⁶, the width of bands to 10⁻⁹ or better.
`;

/** docs/indicators.md. */
export const indicatorsDocument = (): string =>
  [preamble, '## Overview\n', ...overview(), '', ...indicators.map(section)].join('\n');

const absentsOf = ({ parameters }: Indicator): string =>
  Object.values(parameters)
    .map(({ absent }) => absent)
    .join(', ');

function overview(): string[] {
  const rows = indicators.map((indicator) => {
    const { id, title, inputs, outputs } = indicator;
    return `| [\`${id}\`](#${id}) | ${title} | ${inputs.join(', ')} | ${Object.keys(outputs).join(', ')} | ${absentsOf(indicator)} | ${indicator.warmUp()} |`;
  });
  return [
    '| id | indicator | inputs | outputs | parameters unless given | warm |',
    '|---|---|---|---|---|---|',
    ...rows,
  ];
}

function section({ id, title, formula, source, outputs, parameters }: Indicator): string {
  const units = Object.entries(outputs).map(([name, unit]) => `\`${name}\` (${unit})`);
  const rows = Object.entries(parameters).map(
    ([name, parameter]) => `| \`${name}\` | ${parameter.title} | ${allowedOf(parameter)} | ${parameter.absent} |`,
  );
  const table = rows.length === 0 ? [] : ['| parameter | | allowed | unless given |', '|---|---|---|---|', ...rows, ''];
  return [`### ${id}\n`, `${title}: ${formula}.\n`, `${source}\n`, `Outputs: ${units.join(', ')}.\n`, ...table].join(
    '\n',
  );
}
