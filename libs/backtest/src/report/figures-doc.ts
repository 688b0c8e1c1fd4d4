import { figureGroups } from './html/definitions.js';

export const figuresBegin = '<!-- figures: written by libs/backtest/scripts/figures-doc.mjs -->';
export const figuresEnd = '<!-- end of figures -->';

/** The document with today's table of figures in the place of the one that it had. */
export function withFigures(document: string): string {
  const [before = '', rest = ''] = document.split(figuresBegin);
  const [, after = ''] = rest.split(figuresEnd);
  return `${before}${figuresBegin}\n\n${figuresTable()}\n\n${figuresEnd}${after}`;
}

function figuresTable(): string {
  const rows = figureGroups.flatMap(({ figures }) =>
    figures.map(({ label, field, definition }) => `| ${label} | \`${field}\` | ${definition} |`),
  );
  return ['| figure | in `summary.json` | definition |', '|---|---|---|', ...rows].join('\n');
}
