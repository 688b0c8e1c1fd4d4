// Sends requests when they are due, whether or not the ones before were answered.
import { Agent, request } from 'node:http';

const socketsMax = 128;
const underWayMax = 5_000;
const tickMs = 2;
/** Whoever is told when to come again does so, with the same key: that is what the API promises, and what every client does. */
const attemptsMax = 3;

const count = (counts, what) => counts.set(what, (counts.get(what) ?? 0) + 1);

/** What the gateway calls it, and what it says of it: a status alone does not tell a full queue from a service that was late. */
function codeOf(text) {
  try {
    const { code, detail } = JSON.parse(text);
    return `${code} (${detail})`;
  } catch {
    return text.slice(0, 100);
  }
}

/**
 * @param {{url: string, rate: number, seconds: number, next: () => {method: string, path: string, headers?: object, body?: string}}} what
 * @returns {Promise<{samples: number[], failures: Map<string, number>, askedAgain: Map<string, number>}>} milliseconds from when each
 *   was due to the end of its last answer; what failed for good, and what was told to come again
 */
export async function loadAt({ url, rate, seconds, next }) {
  const agent = new Agent({ keepAlive: true, maxSockets: socketsMax });
  const { hostname, port } = new URL(url);
  const samples = [];
  const failures = new Map();
  const askedAgain = new Map();
  const wanted = Math.round(rate * seconds);
  const begun = performance.now();
  let sent = 0;
  let answered = 0;

  function send(due, what, attempt = 1) {
    const { method, path, headers = {}, body } = what;
    const called = `${method} ${path.replace(/bot_\w+/, ':id').split('?')[0]}`;
    const done = (failure) => {
      answered += 1;
      samples.push(performance.now() - due);
      if (failure !== null) count(failures, `${called}: ${failure}`);
    };
    const outgoing = request({ agent, hostname, port, method, path, headers }, (answer) => {
      const refused = answer.statusCode >= 400;
      let text = '';
      answer.on('data', (chunk) => {
        if (refused) text += chunk;
      });
      answer.on('end', () => {
        const waitSeconds = Number(answer.headers['retry-after']);
        const why = refused ? `${answer.statusCode} ${codeOf(text)}` : null;
        if (why === null || attempt >= attemptsMax || !(waitSeconds > 0)) return done(why);
        count(askedAgain, `${called}: ${why}`);
        setTimeout(() => send(due, what, attempt + 1), waitSeconds * 1_000);
      });
      answer.on('error', (error) => done(error.code));
    });
    outgoing.on('error', (error) => done(error.code ?? error.message));
    outgoing.end(body);
  }

  while (sent < wanted) {
    const due = Math.min(wanted, Math.floor(((performance.now() - begun) / 1_000) * rate) + 1);
    for (; sent < due; sent += 1) {
      if (sent - answered > underWayMax)
        throw new Error(`${underWayMax} requests are waiting: ${url} does not keep up`);
      send(begun + (sent / rate) * 1_000, next());
    }
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  while (answered < sent) await new Promise((resolve) => setTimeout(resolve, tickMs));
  agent.destroy();
  return { samples, failures, askedAgain };
}
