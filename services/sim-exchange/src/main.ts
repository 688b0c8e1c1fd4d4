import { runCommand } from './command.js';

// A failed replay leaves open doors behind it; the process must not live on for them.
runCommand(process.argv.slice(2), process.env).then((code) => code !== null && process.exit(code));
