// The bare relay: four processes that do nothing but pass a message on over the same hops, and one durable commit.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const relay = fileURLToPath(new URL('relay.mjs', import.meta.url));
const roles = ['feed', 'decide', 'gate', 'execute'];

export async function startFloor(venue) {
  const env = { ...process.env, FLOOR_WS: venue.floorWs, FLOOR_REST: venue.rest };
  const start = (role) => spawn(process.execPath, [relay, role], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const provision = start('provision');
  const [code] = await once(provision, 'exit');
  if (code !== 0) throw new Error(`the floor could not be provisioned: exit code ${code}`);
  const children = roles.map(start);
  await Promise.all(children.map((child) => once(child.stdout, 'data')));
  while (venue.relays() < 1) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    tick: (index) => venue.floorTick(index),
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}
