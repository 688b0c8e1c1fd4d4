import { heedEarlyExit } from './early-exit.js';
import { letReaderLeave } from './output.js';
import { run, tellFailure } from './program.js';

const { stdin, stdout, stderr } = process;
for (const stream of [stdout, stderr]) letReaderLeave(stream);
const terminal = { stdin, stdout, stderr };
const args = process.argv.slice(2);
const end = heedEarlyExit((failure) => tellFailure(failure, terminal, args));
end(await run(args, terminal, process.env));
