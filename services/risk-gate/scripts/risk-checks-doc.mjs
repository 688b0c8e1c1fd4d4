// Writes docs/risk-checks.md: `npx tsc -b services/risk-gate && node services/risk-gate/scripts/risk-checks-doc.mjs`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { limitDefaults } from '../dist/config.js';
import { riskChecksDocument } from '../dist/domain/risk-checks-doc.js';

const path = fileURLToPath(new URL('../../../docs/risk-checks.md', import.meta.url));
writeFileSync(path, riskChecksDocument(limitDefaults()));
