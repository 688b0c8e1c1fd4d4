import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { rootOf } from './doctor-machine.js';
import { type Finding, fail, ok, warn } from './finding.js';

const answerMs = 5_000;
const faultsShownMax = 3;
/** Nothing that trades waits for them. */
const companions: readonly string[] = ['notifications', 'inference', 'research', 'kafka-bridge'];

/** What `npm start` leaves in the folder of its instance. */
interface Told {
  /** Address of the gateway. */
  readonly gateway: string;
  /** Address of the operations port, by the service's name. */
  readonly operations: Readonly<Record<string, string>>;
}

/**
 * How every service of a platform that `npm start` runs on this machine sees itself and its servers; null for another one: health is
 * for its operators, at a port that no user reaches.
 */
export async function readiness({ api, environment }: Context): Promise<Finding | null> {
  const found = findTold(join(rootOf(environment), '.runtime'), api.url);
  if (found === null) return null;
  const { logs, told } = found;
  const asked = Object.entries(told.operations).map(async ([name, address]) => ({
    name,
    fault: await faultOf(name, address),
  }));
  const bad = (await Promise.all(asked)).filter(({ fault }) => fault !== null);
  if (bad.length === 0) return ok('ready', Object.keys(told.operations).join(', '));
  const more = bad.length > faultsShownMax ? `; and ${bad.length - faultsShownMax} more` : '';
  const shown = bad.slice(0, faultsShownMax).map(({ fault }) => fault);
  const verdict = bad.every(({ name }) => companions.includes(name)) ? warn : fail;
  return verdict('ready', shown.join('; ') + more, `read the log of it in ${logs}`);
}

/** The newest, if several were at that address. */
function findTold(runtime: string, gateway: string): { readonly logs: string; readonly told: Told } | null {
  if (!existsSync(runtime)) return null;
  const wanted = new URL(gateway).origin.replace('//localhost:', '//127.0.0.1:');
  const found = readdirSync(runtime).flatMap((instance) => {
    const file = join(runtime, instance, 'operations.json');
    const told = read(file);
    if (told?.gateway !== wanted) return [];
    return [{ told, logs: join(runtime, instance, 'logs'), at: statSync(file).mtimeMs }];
  });
  return found.toSorted((left, right) => right.at - left.at)[0] ?? null;
}

/** Null when it is somebody else's or not there: then nothing is known of that instance. */
function read(file: string): Told | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Told;
  } catch {
    return null;
  }
}

async function faultOf(name: string, address: string): Promise<string | null> {
  try {
    const response = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(answerMs) });
    if (response.ok) return null;
    const { checks = {} } = (await response.json()) as {
      checks?: Readonly<Record<string, { readonly status: string; readonly error?: string }>>;
    };
    const down = Object.entries(checks).filter(([, { status }]) => status !== 'up');
    return `${name}: ${down.map(([check, { error }]) => `${check} is down (${error})`).join(', ') || 'not ready'}`;
  } catch {
    return `${name} does not answer`;
  }
}
