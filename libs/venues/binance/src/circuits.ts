import type { CircuitState } from '@scalpstorm/venue-api';
import { CircuitBreaker } from './circuit-breaker.js';
import type { ResolvedOptions } from './options.js';

type HeardChange = (state: CircuitState, why: string) => void;

interface Circuit {
  readonly breaker: CircuitBreaker;
  readonly clients: Set<HeardChange>;
}

/** By address; as many as this process has venues. */
const circuits = new Map<string, Circuit>();

/** What fails for one client of an address fails for all in this process: one breaker for them, as long as there is one. */
export function joinCircuit(options: ResolvedOptions, heard: HeardChange): { breaker: CircuitBreaker; leave(): void } {
  const { origin } = new URL(options.addresses.rest);
  const circuit = circuits.get(origin) ?? newCircuit(options);
  circuits.set(origin, circuit);
  circuit.clients.add(heard);
  const leave = (): void => {
    circuit.clients.delete(heard);
    if (circuit.clients.size === 0 && circuits.get(origin) === circuit) circuits.delete(origin);
  };
  return { breaker: circuit.breaker, leave };
}

function newCircuit({ circuit: limits, rng }: ResolvedOptions): Circuit {
  const clients: Circuit['clients'] = new Set();
  const breaker = new CircuitBreaker(limits, rng, (state, why) => {
    for (const heard of clients) heard(state, why);
  });
  return { breaker, clients };
}
