// A platform that trades on a synthetic market, and its venue's own account of what happens, for runs that harm and judge it.

import { ensureDemoBots, logInAsOwner } from '../launcher/first-user.mjs';
import { createGatewayClient } from '../launcher/gateway-client.mjs';
import { startPlatform } from '../launcher/platform.mjs';
import { step } from '../progress.mjs';
import { prepareServers } from '../servers.mjs';
import { createHistory, createVenue } from './venue.mjs';

/** Killed on purpose: nobody has to wait longer for it each time. */
const lives = { market: 'synthetic', speed: 10, port: 0, healthyMs: 0 };

/**
 * Starts the platform; nobody trades before `startBots`.
 * @param {{wanted: {seed: number, bots: number}, instance: object, children: object, prepared?: object, options?: object,
 *   between?: Function}} run `options` and `between` are those of the launcher's `startPlatform`
 */
export async function startTrading({ wanted, instance, children, prepared, options = {}, between }) {
  const platform = await startPlatform({
    options: { ...lives, ...options, seed: wanted.seed },
    instance,
    children,
    prepared: prepared ?? (await prepareServers({ instance })),
    between,
  });
  const client = createGatewayClient(platform.address);
  await logInAsOwner({ client, instance });
  const venue = createVenue(platform.exchange);
  const opening = await venue.balances();
  const { symbols } = platform.exchange;
  const assets = new Map(symbols.map((symbol) => [symbol.replace('-', ''), symbol.split('-')]));
  const assetsOf = (symbol) => ({ base: assets.get(symbol)[0], quote: assets.get(symbol)[1] });
  const startBots = () =>
    step('starting the bots', () =>
      ensureDemoBots({ client, symbols, count: wanted.bots, wake: false, market: 'synthetic' }),
    );
  const history = createHistory(venue, [...assets.keys()]);
  return { wanted, instance, client, venue, history, opening, startBots, platform: { ...platform, assetsOf } };
}
