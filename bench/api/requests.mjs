// A user with running bots, and the mix of what a dashboard, a program and a person ask for.
import { demoQuantity } from '../../tools/launcher/demo-bots.mjs';
import { setupToken } from './platform.mjs';

const bots = 20;
const tradingMs = 3_000;

/** @returns {Promise<{token: string, bots: string[], symbol: string}>} */
export async function settle(url) {
  const ask = async (method, path, { token, body } = {}) => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(`${url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    const read = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(read)}`);
    return read;
  };
  const first = { token: setupToken, email: 'bench@example.com', password: 'the storm passes over' };
  const { accessToken: token } = await ask('POST', '/v1/setup', { body: first });
  const { data: instruments } = await ask('GET', '/v1/instruments', { token });
  const priced = instruments.filter(({ lastPrice }) => lastPrice !== null);
  const ids = [];
  for (let index = 0; index < bots; index += 1) {
    const instrument = priced[index % priced.length];
    const { id } = await ask('POST', '/v1/bots', {
      token,
      body: {
        name: `bench-${index}`,
        strategy: 'scalping-cycle',
        account: 'demo',
        venue: 'sim',
        symbol: instrument.symbol,
        mode: 'demo',
        parameters: {
          quantity: demoQuantity(instrument),
          buyPrice: { offset: '-2', unit: 'ticks', from: 'mid' },
          sellPrice: { offset: '2', unit: 'ticks', from: 'entry' },
          loop: true,
        },
      },
    });
    await ask('POST', `/v1/bots/${id}/start`, { token, body: {} });
    ids.push(id);
  }
  await new Promise((resolve) => setTimeout(resolve, tradingMs));
  return { token, bots: ids, instrument: priced[0].id };
}

/** Out of a hundred: what is read often, what asks another service, and a few commands with a key each. */
const shares = [
  [22, 'bots'],
  [14, 'bot'],
  [14, 'orders'],
  [8, 'bot orders'],
  [6, 'fills'],
  [10, 'activity'],
  [6, 'positions'],
  [4, 'balances'],
  [8, 'candles'],
  [2, 'state'],
  [2, 'instruments'],
  [2, 'rename'],
  [2, 'pause or resume'],
];

export function mixOf({ token, bots: ids, instrument }) {
  const authorization = `Bearer ${token}`;
  const deck = shares.flatMap(([count, what]) => Array(count).fill(what));
  let drawn = 0;
  const read = (path) => ({ method: 'GET', path, headers: { authorization } });
  const command = (method, path, body) => ({
    method,
    path,
    body: JSON.stringify(body),
    headers: { authorization, 'content-type': 'application/json', 'idempotency-key': `bench-${process.pid}-${drawn}` },
  });
  return () => {
    drawn += 1;
    // 37 and 100 have no common divisor: every share comes evenly, and every run asks for the same.
    const what = deck[(drawn * 37) % deck.length];
    const id = ids[drawn % ids.length];
    switch (what) {
      case 'bots':
        return read('/v1/bots');
      case 'bot':
        return read(`/v1/bots/${id}`);
      case 'orders':
        return read('/v1/orders?limit=50');
      case 'bot orders':
        return read(`/v1/bots/${id}/orders?limit=20`);
      case 'fills':
        return read('/v1/fills?limit=50');
      case 'activity':
        return read('/v1/activity?limit=50');
      case 'positions':
        return read('/v1/positions');
      case 'balances':
        return read('/v1/balances');
      case 'candles':
        return read(`/v1/candles?instrument=${instrument}&timeframe=1m&limit=300`);
      case 'state':
        return read('/v1/trading-state');
      case 'instruments':
        return read('/v1/instruments');
      case 'rename':
        return command('PATCH', `/v1/bots/${id}`, { name: `bench-renamed-${drawn}` });
      default:
        return command('POST', `/v1/bots/${id}/${Math.floor(drawn / ids.length) % 2 === 0 ? 'pause' : 'resume'}`, {});
    }
  };
}
