// Writes docs/indicators.md: `npx tsc -b libs/indicators && node libs/indicators/scripts/indicators-doc.mjs`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { indicatorsDocument } from '../dist/indicators-doc.js';

writeFileSync(fileURLToPath(new URL('../../../docs/indicators.md', import.meta.url)), indicatorsDocument());
