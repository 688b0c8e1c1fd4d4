// Sends requests when they are due, whether or not the ones before were answered.
import { Agent, request } from 'node:http';

const socketsMax = 128;
const underWayMax = 5_000;
const tickMs = 2;

/**
 * @param {{url: string, rate: number, seconds: number, next: () => {method: string, path: string, headers?: object, body?: string}}} what
 * @returns {Promise<{samples: number[], failures: Map<string, number>}>} milliseconds from when each was due to the end of its answer
 */
export async function loadAt({ url, rate, seconds, next }) {
  const agent = new Agent({ keepAlive: true, maxSockets: socketsMax });
  const { hostname, port } = new URL(url);
  const samples = [];
  const failures = new Map();
  const fail = (what) => failures.set(what, (failures.get(what) ?? 0) + 1);
  const count = Math.round(rate * seconds);
  const begun = performance.now();
  let sent = 0;
  let answered = 0;

  function send(due) {
    const { method, path, headers = {}, body } = next();
    const called = `${method} ${path.replace(/bot_\w+/, ':id').split('?')[0]}`;
    const done = (failure) => {
      answered += 1;
      samples.push(performance.now() - due);
      if (failure !== null) fail(`${called}: ${failure}`);
    };
    const outgoing = request({ agent, hostname, port, method, path, headers }, (answer) => {
      answer.on('end', () => done(answer.statusCode < 400 ? null : String(answer.statusCode)));
      answer.on('error', (error) => done(error.code));
      answer.resume();
    });
    outgoing.on('error', (error) => done(error.code ?? error.message));
    outgoing.end(body);
  }

  while (sent < count) {
    const due = Math.min(count, Math.floor(((performance.now() - begun) / 1_000) * rate) + 1);
    for (; sent < due; sent += 1) {
      if (sent - answered > underWayMax)
        throw new Error(`${underWayMax} requests are waiting: ${url} does not keep up`);
      send(begun + (sent / rate) * 1_000);
    }
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  while (answered < sent) await new Promise((resolve) => setTimeout(resolve, tickMs));
  agent.destroy();
  return { samples, failures };
}
