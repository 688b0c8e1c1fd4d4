import { letReaderLeave } from './output.js';
import { run } from './program.js';

const { stdin, stdout, stderr } = process;
for (const stream of [stdout, stderr]) letReaderLeave(stream);
process.exitCode = await run(process.argv.slice(2), { stdin, stdout, stderr }, process.env);
