// Writes docs/api-operations.md: `npx tsc -b services/gateway && node services/gateway/scripts/operations-doc.mjs`.
import { writeFileSync } from 'node:fs';
import { operationsDocument } from '../dist/handlers/operations-doc.js';

writeFileSync(new URL('../../../docs/api-operations.md', import.meta.url), operationsDocument());
