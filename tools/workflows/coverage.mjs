// `node tools/workflows/coverage.mjs coverage/coverage-summary.json`: the totals as a table for the summary of a run.
import { readFileSync } from 'node:fs';

const [file = 'coverage/coverage-summary.json'] = process.argv.slice(2);
const { total } = JSON.parse(readFileSync(file, 'utf8'));
const row = (name) => `| ${name} | ${total[name].covered} of ${total[name].total} | ${total[name].pct} % |`;
process.stdout.write(
  ['| covered | count | part |', '|---|---|---|', ...['lines', 'functions', 'branches'].map(row), ''].join('\n'),
);
