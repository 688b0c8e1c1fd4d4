// Writes the table of commands into docs/cli.md: `npx tsc -b services/cli && node services/cli/scripts/commands-doc.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withCommands } from '../dist/commands-doc.js';
import { programOf } from '../dist/program.js';

const path = fileURLToPath(new URL('../../../docs/cli.md', import.meta.url));
writeFileSync(path, withCommands(readFileSync(path, 'utf8'), programOf(process, {})));
