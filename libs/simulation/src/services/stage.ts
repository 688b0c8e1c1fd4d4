import { type Timestamp, unwrap } from '@scalpstorm/kernel';
import {
  type Account,
  AccountId,
  type Bot,
  BotId,
  Currency,
  type Instrument,
  InstrumentId,
  type JsonObject,
  Money,
  Price,
  Quantity,
  UserId,
  VenueId,
} from '@scalpstorm/model';
import { limitsFrom } from '@scalpstorm/risk-gate/simulation';
import { type ConfiguredStrategy, strategies } from '@scalpstorm/strategies';
import { memoryToJson, newMemory, type StoredBot } from '@scalpstorm/strategy/simulation';

const usdt = (amount: string): Money => Money.of(amount, 'USDT');

export const theInstrument: Instrument = {
  id: InstrumentId.of('sim', 'BTC-USDT'),
  venue: VenueId.of('sim'),
  symbol: 'BTC-USDT',
  base: Currency.of('BTC'),
  quote: Currency.of('USDT'),
  status: 'trading',
  tickSize: Price.of('0.01'),
  priceMin: Price.of('0.01'),
  priceMax: Price.of('1000000'),
  stepSize: Quantity.of('0.00001'),
  quantityMin: Quantity.of('0.00001'),
  quantityMax: Quantity.of('9000'),
  marketQuantityMax: Quantity.of('9000'),
  marketStepSize: Quantity.of('0.00001'),
  marketQuantityMin: Quantity.of('0.00001'),
  notionalMin: usdt('5'),
  marketNotionalMax: null,
  makerFeeRate: '0.001',
  takerFeeRate: '0.001',
};

export const theAccount: Account = {
  id: AccountId.of('demo'),
  venue: VenueId.of('sim'),
  mode: 'demo',
  label: 'Demo',
};

/** Around it the price moves, by less than a thousandth. */
export const middlePrice = Price.of('50000');
export const users: readonly UserId[] = [UserId.of('user_1'), UserId.of('user_2')];
export const startingMoney: readonly Money[] = [usdt('60000'), Money.of('1', 'BTC')];

/**
 * So tight that bots meet them all the time: a bot may hold two orders of the usual size, all together hardly more than half of what they
 * want, and the purse is not much deeper.
 */
export const gateLimits = limitsFrom({
  RISK_CURRENCY: 'USDT',
  RISK_ORDER_NOTIONAL_MAX: '3000',
  RISK_BOT_EXPOSURE_MAX: '4000',
  RISK_ACCOUNT_EXPOSURE_MAX: '16000',
  RISK_USER_EXPOSURE_MAX: '10000',
  RISK_VENUE_EXPOSURE_MAX: '1000000',
  RISK_IDENTICAL_ORDERS_PER_BOT_MAX: 2,
  RISK_BALANCE_AGE_MS_MAX: 90_000,
  // Clocks are put forward and back here, and what is opened then is what is to be looked at.
  RISK_CLOCK_OFFSET_MS_MAX: 60_000,
  RISK_PRICE_COLLAR_BPS: 500,
  RISK_OPEN_ORDERS_PER_BOT_MAX: 3,
  RISK_OPEN_ORDERS_PER_ACCOUNT_MAX: 12,
  RISK_ORDERS_PER_SECOND_PER_BOT_MAX: 3,
  RISK_ORDERS_PER_SECOND_PER_ACCOUNT_MAX: 10,
  RISK_MARKET_AGE_MS_MAX: 5_000,
});

/** In a minute, so that every bot that presses meets it now and then. */
export const runawayDenialsMax = 20;

/** Bots of the strategy service; they trade by themselves. */
const botNumbers = [1, 2, 3, 4] as const;
/** Bots that nobody runs: what they want is drawn, to press against the limits. */
const pressNumbers = [1, 2, 3, 4] as const;

const botId = (letter: string, number: number): BotId => BotId.of(`bot_${letter.repeat(7)}${number}`);
export const userOf = (number: number): UserId => users[number % users.length] ?? UserId.of('user_1');
export const fleetBots: readonly BotId[] = botNumbers.map((number) => botId('f', number));
export const pressingBots: readonly { readonly botId: BotId; readonly userId: UserId }[] = pressNumbers.map(
  (number) => ({
    botId: botId('p', number),
    userId: userOf(number),
  }),
);

const parameters: JsonObject = {
  quantity: '0.03',
  buyPrice: { offset: '-2', unit: 'bps', from: 'last' },
  sellPrice: { offset: '25', unit: 'bps', from: 'entry' },
  entryTimeoutSeconds: 6,
};

/** As the database has them when the run begins: they were started before it. */
export function storedBots(now: Timestamp): readonly StoredBot[] {
  const strategy = strategies.get('scalping-cycle');
  if (strategy === undefined) throw new Error('there is no scalping-cycle');
  const configured = unwrap(strategy.configure(parameters, theInstrument));
  return fleetBots.map((id, place) => ({
    bot: botOf(id, userOf(place), now),
    state: memoryToJson(newMemory(startedState(configured, id, now))),
    instrument: theInstrument,
  }));
}

/** What its strategy remembers right after its user has started it. */
function startedState(configured: ConfiguredStrategy, botId: BotId, now: Timestamp): JsonObject {
  const nothing = { position: null, quote: null, trade: null, vwap: null, atr: null, prediction: null, funds: null };
  const context = { botId, mode: theAccount.mode, instrument: theInstrument, now, ...nothing };
  return configured.step(configured.init(), { kind: 'started' }, context).state;
}

function botOf(id: BotId, userId: UserId, now: Timestamp): Bot {
  const zero = Money.zero(theInstrument.quote);
  return {
    id,
    userId,
    config: {
      name: id,
      strategy: 'scalping-cycle',
      accountId: theAccount.id,
      mode: 'demo',
      instrumentId: theInstrument.id,
      parameters,
    },
    desired: 'running',
    observed: 'running',
    reason: { code: 'STARTED', text: 'Started.' },
    since: now,
    totals: { cycles: 0, fills: 0, pnl: zero, fees: zero, held: Quantity.zero },
    version: 1,
    createdAt: now,
  };
}
