// Writes docs/events.md from the built contracts: `npx tsc -b libs/contracts && node libs/contracts/scripts/events-doc.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventsDocument } from '../dist/events-doc.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
writeFileSync(
  `${root}docs/events.md`,
  eventsDocument((path) => readFileSync(`${root}proto/${path}`, 'utf8')),
);
