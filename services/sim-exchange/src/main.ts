import { runCommand } from './command.js';

const code = await runCommand(process.argv.slice(2), process.env);
if (code !== null) process.exitCode = code;
