import { Failure } from '../failure.mjs';
import { say } from '../progress.mjs';
import { waitUntil } from '../servers/probe.mjs';
import { demoBots } from './demo-bots.mjs';
import { eachOf } from './each-of.mjs';

const priceMs = 30_000;
const email = 'owner@scalpstorm.example';

/**
 * Creates the first user when there is none, and logs in as the one that an earlier start created.
 * @returns {Promise<{email: string, password: string} | undefined>} undefined when somebody else has set the platform up
 */
export async function logInAsOwner({ client, instance }) {
  const credentials = { email, password: instance.secret('owner') };
  try {
    await client.logIn(credentials);
    return credentials;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  try {
    await client.setUp({ token: instance.secret('setup'), ...credentials });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say('! the platform was set up by somebody else: log in with your own password');
    return undefined;
  }
  await client.logIn(credentials);
  return credentials;
}

/** The instruments of the simulated exchange, when each has a price. */
async function pricedInstruments({ client, symbols }) {
  let instruments = [];
  await waitUntil(
    async () => {
      instruments = (await client.instruments()).filter(
        ({ venue, symbol }) => venue === 'sim' && symbols.includes(symbol),
      );
      const priced = instruments.filter(({ lastPrice }) => lastPrice !== null);
      if (priced.length < symbols.length)
        throw new Error(`${priced.length} of ${symbols.length} instruments have a price`);
    },
    { timeoutMs: priceMs },
  );
  return instruments;
}

/**
 * Gives a user without bots the demo set, started; bots that exist are left as they are, unless `wake` starts the stopped ones.
 * @param {{client: object, symbols: readonly string[], count: number, wake: boolean,
 *   market: 'synthetic' | 'recorded', model: boolean, bars: number, grid: boolean}} wanted
 */
export async function ensureDemoBots({ client, symbols, count, wake, market, model, bars, grid }) {
  const existing = await client.bots();
  if (existing.length > 0) {
    const stopped = wake ? existing.filter(({ desired }) => desired === 'stopped') : [];
    await eachOf(stopped, ({ id }) => client.command(id, 'start'));
    return client.bots();
  }
  const instruments = await pricedInstruments({ client, symbols });
  await eachOf(demoBots(instruments, { count, market, model, bars, grid }), async (body) => {
    const { id } = await client.createBot(body);
    await client.command(id, 'start');
  });
  return client.bots();
}
