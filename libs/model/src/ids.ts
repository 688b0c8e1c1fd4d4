import { assert, type Brand } from '@scalpstorm/kernel';

export type UserId = Brand<string, 'UserId'>;
export type BotId = Brand<string, 'BotId'>;
export type AccountId = Brand<string, 'AccountId'>;
export type VenueId = Brand<string, 'VenueId'>;
/** `venue:SYMBOL`, e.g. `sim:BTC-USDT`. */
export type InstrumentId = Brand<string, 'InstrumentId'>;
/** Our id for an order, at most 20 letters and digits, so that it fits every venue. */
export type ClientOrderId = Brand<string, 'ClientOrderId'>;
export type VenueOrderId = Brand<string, 'VenueOrderId'>;
/** The venue's id for a trade; unique within a venue and symbol. */
export type TradeId = Brand<string, 'TradeId'>;
export type EventId = Brand<string, 'EventId'>;

export const UserId = { of: (text: string): UserId => text as UserId } as const;
export const AccountId = { of: (text: string): AccountId => text as AccountId } as const;
export const VenueId = { of: (text: string): VenueId => text as VenueId } as const;
export const VenueOrderId = { of: (text: string): VenueOrderId => text as VenueOrderId } as const;
export const TradeId = { of: (text: string): TradeId => text as TradeId } as const;
export const EventId = { of: (text: string): EventId => text as EventId } as const;

const symbolPattern = /^[A-Z0-9]{1,20}-[A-Z0-9]{1,20}$/;

export const InstrumentId = {
  of: (venue: string, symbol: string): InstrumentId => `${venue}:${symbol}` as InstrumentId,
  parse(text: string): { venue: VenueId; symbol: string } | null {
    const [venue = '', symbol = '', ...rest] = text.split(':');
    if (rest.length > 0 || venue === '' || !symbolPattern.test(symbol)) return null;
    return { venue: VenueId.of(venue), symbol };
  },
} as const;

export const isSymbol = (text: string): boolean => symbolPattern.test(text);

const botIdPattern = /^bot_[0-9a-z]{8}$/;

export const BotId = {
  of(text: string): BotId {
    assert(botIdPattern.test(text), `not a bot id: ${text}`);
    return text as BotId;
  },
  is: (text: string): text is BotId => botIdPattern.test(text),
} as const;

/** The two halves of a trading cycle. */
export type Leg = 'entry' | 'exit' | 'flatten';

const legLetter: Record<Leg, string> = { entry: 'N', exit: 'X', flatten: 'F' };
const legOfLetter: Record<string, Leg> = { N: 'entry', X: 'exit', F: 'flatten' };
const cycleDigits = 5;
const attemptDigits = 4;
export const cycleMax = 36 ** cycleDigits - 1;
export const attemptMax = 36 ** attemptDigits - 1;

const clientOrderIdPattern = /^[0-9A-Za-z]{1,20}$/;
const botOrderPattern = /^s([0-9a-z]{8})([NXF])([0-9a-z]{5})([0-9a-z]{4})$/;

/** What a bot's order is for. The client order id is this, spelled out, and nothing else. */
export interface OrderSlot {
  readonly botId: BotId;
  /** Counts from 0. */
  readonly cycle: number;
  readonly leg: Leg;
  /** Counts from 0; a new attempt is a new order. */
  readonly attempt: number;
}

export const ClientOrderId = {
  /** Deterministic and readable: `s` bot(8) leg(1) cycle(5) attempt(4), base 36; 19 characters. */
  forSlot(slot: OrderSlot): ClientOrderId {
    assert(slot.cycle >= 0 && slot.cycle <= cycleMax, `cycle out of range: ${slot.cycle}`);
    assert(slot.attempt >= 0 && slot.attempt <= attemptMax, `attempt out of range: ${slot.attempt}`);
    const cycle = slot.cycle.toString(36).padStart(cycleDigits, '0');
    const attempt = slot.attempt.toString(36).padStart(attemptDigits, '0');
    return `s${slot.botId.slice(4)}${legLetter[slot.leg]}${cycle}${attempt}` as ClientOrderId;
  },
  /** The slot an id spells, or null for an order that is not a bot's. */
  slotOf(id: string): OrderSlot | null {
    const match = botOrderPattern.exec(id);
    if (!match) return null;
    const [, bot = '', letter = '', cycle = '', attempt = ''] = match;
    const leg = legOfLetter[letter];
    assert(leg !== undefined, `unknown leg letter: ${letter}`);
    return {
      botId: BotId.of(`bot_${bot}`),
      leg,
      cycle: Number.parseInt(cycle, 36),
      attempt: Number.parseInt(attempt, 36),
    };
  },
  is: (text: string): text is ClientOrderId => clientOrderIdPattern.test(text),
  of(text: string): ClientOrderId {
    assert(clientOrderIdPattern.test(text), `not a client order id: ${text}`);
    return text as ClientOrderId;
  },
} as const;
