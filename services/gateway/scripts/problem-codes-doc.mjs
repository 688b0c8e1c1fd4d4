// Writes the tables of codes into docs/api.md: `npx tsc -b services/gateway && node services/gateway/scripts/problem-codes-doc.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withProblemCodes } from '../dist/domain/problem-codes-doc.js';

const path = fileURLToPath(new URL('../../../docs/api.md', import.meta.url));
writeFileSync(path, withProblemCodes(readFileSync(path, 'utf8')));
