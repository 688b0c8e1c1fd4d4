// `npm run proto`: generates the code of proto/ into libs/contracts.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFolder, generateProto } from './lint/proto.mjs';
import { root } from './paths.mjs';
import { say } from './progress.mjs';

rmSync(join(root, generatedFolder), { recursive: true, force: true });
const problems = await generateProto(root);
for (const problem of problems) say(problem);
process.exit(problems.length === 0 ? 0 : 1);
