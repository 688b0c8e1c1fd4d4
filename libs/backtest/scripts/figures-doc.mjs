// Writes the table of figures into docs/reports.md: `npx tsc -b libs/backtest && node libs/backtest/scripts/figures-doc.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withFigures } from '../dist/report/figures-doc.js';

const path = fileURLToPath(new URL('../../../docs/reports.md', import.meta.url));
writeFileSync(path, withFigures(readFileSync(path, 'utf8')));
