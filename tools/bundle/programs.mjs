// The bundled programs: where they lie, and whether they still are what the compiler last wrote.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.mjs';
import { areUnchanged } from './unchanged.mjs';

/** Beside it: `bundle/` with the code, and for each program what it was made of. */
export const output = join(root, 'dist');

/** Every service that is started as a process. */
export function programNames() {
  const services = join(root, 'services');
  return readdirSync(services).filter((name) => existsSync(join(services, name, 'src/main.ts')));
}

/** What Node is told to start for a service. */
export const programOf = (name) => join(output, `${name}.js`);

/** What the program was made of, and the chunks that it loads. */
export const inputsOf = (name) => join(output, `${name}.json`);

/** Whether nothing has to be bundled. */
export const isBundled = () =>
  programNames().every((name) => existsSync(programOf(name)) && areUnchanged(inputsOf(name)));
