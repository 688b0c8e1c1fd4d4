import { Failure } from '../failure.mjs';
import { say } from '../progress.mjs';
import { demoBots } from './demo-bots.mjs';

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

/** Gives a user without bots the demo set, started; bots that exist are left as they are. */
export async function ensureDemoBots({ client, symbols, count }) {
  const existing = await client.bots();
  if (existing.length > 0) return existing;
  for (const body of demoBots(symbols, count)) {
    const { id } = await client.createBot(body);
    await client.command(id, 'start');
  }
  return client.bots();
}
