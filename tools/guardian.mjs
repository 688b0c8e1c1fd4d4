// Outlives its launcher by a few seconds: when the pipe on stdin closes, however the launcher ended (also by SIGKILL), every
// process that it was told about is ended, services before servers. One line a message: JSON of `{add}`, `{remove}` or `{temporary}`.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { endInOrder } from './processes.mjs';

const graceMs = 5_000;
const children = new Map();
const temporary = new Set();

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => undefined);

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = JSON.parse(line);
  if (message.add) children.set(message.add.pid, message.add);
  if (message.remove) children.delete(message.remove);
  if (message.temporary) temporary.add(message.temporary);
});
lines.on('close', async () => {
  await endInOrder([...children.values()], graceMs);
  for (const path of temporary) rmSync(path, { recursive: true, force: true });
  process.exit(0);
});
