import { AccountId, InstrumentId, modes, type Timeframe, timeframes } from '@scalpstorm/model';
import { z } from 'zod';
import { apiKeyScopes } from '../../domain/principal.js';
import { isNetwork } from '../../use-cases/allowed-address.js';
import { venueAccountVerbs } from '../../use-cases/venue-accounts.js';
import { decimal, market, moment, time } from './schemas.js';
import { scopeStateRow, tradingStateReply } from './schemas-risk.js';

const label = z.string().trim().min(1).max(60);
const visible = z.string().regex(/^[\x21-\x7e]+$/, { error: 'only visible ASCII characters, without spaces' });
export const keyAndSecret = z.strictObject({
  apiKey: visible.max(512),
  // A key of the asymmetric kinds is a PEM text of several lines.
  secret: z.string().trim().min(1).max(8_192),
});
export const newVenueAccountBody = keyAndSecret
  .extend({
    label,
    venue: z.string().regex(/^[a-z0-9-]{1,24}$/, { error: 'not the name of a venue; see GET /v1/venue-offers' }),
    mode: z.enum(['demo', 'paper', 'live']),
    acceptLiveTrading: z.boolean().default(false),
  })
  .refine((account) => account.mode !== 'live' || account.acceptLiveTrading, {
    path: ['acceptLiveTrading'],
    error: 'an account of mode live trades real money; send true to say that this is meant',
  });
export const venueAccountPatch = z.strictObject({ label });
const venueAccountId = z.string().regex(/^[a-z0-9-]{1,32}$/);
export const venueAccountParams = z.object({ id: venueAccountId });
export const venueAccountVerbParams = z.object({ id: venueAccountId, verb: z.enum(venueAccountVerbs) });
export const venueAccountRow = z.object({
  id: z.string(),
  label: z.string(),
  venue: z.string(),
  mode: z.enum(modes),
  state: z.enum(['enabled', 'disabled']),
  keyEnding: z.string(),
  check: z.object({ at: time, mayTrade: z.boolean(), mayWithdraw: z.boolean().nullable(), warning: z.string() }),
  createdAt: time,
  changedAt: time,
});
export const venueOfferRow = z.object({ venue: z.string(), mode: z.enum(modes), title: z.string() });

const network = z.string().max(50).refine(isNetwork, { error: 'not an address or network such as 10.0.0.0/8' });
export const newApiKeyBody = z.strictObject({
  label,
  scopes: z.array(z.enum(apiKeyScopes)).min(1).max(apiKeyScopes.length),
  allowedAddresses: z.array(network).max(20).default([]),
  expiresAt: moment.nullable().default(null),
});
export const apiKeyParams = z.object({ id: z.string().regex(/^key_[0-9a-f]{16}$/) });
export const apiKeyRow = z.object({
  id: z.string(),
  label: z.string(),
  scopes: z.array(z.enum(apiKeyScopes)).readonly(),
  allowedAddresses: z.array(z.string()).readonly(),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
});
export const newApiKeyReply = apiKeyRow.extend({ key: z.string() });

export const streamTicketReply = z.object({ ticket: z.string(), expiresAt: time });

export const riskStateReply = z.object({
  binding: tradingStateReply,
  platform: tradingStateReply,
  states: z.array(scopeStateRow).readonly(),
});

const instrumentId = z.string().refine((text) => InstrumentId.parse(text) !== null, {
  error: 'not an instrument id such as sim:BTC-USDT; see GET /v1/instruments',
});
export const instrumentText = instrumentId.max(80).transform((text) => text as InstrumentId);
const accountText = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/, { error: 'not an account id; see GET /v1/accounts' })
  .transform(AccountId.of);

export interface InstrumentsQuery {
  readonly instrument?: InstrumentId | undefined;
  /** Only with an instrument: its fees are those that this account pays. */
  readonly account?: AccountId | undefined;
}
export const instrumentsQuery: z.ZodType<InstrumentsQuery> = z
  .strictObject({ instrument: instrumentText.optional(), account: accountText.optional() })
  .refine(({ instrument, account }) => account === undefined || instrument !== undefined, {
    path: ['instrument'],
    error: 'the fees of an account are told of one instrument: name it',
  });
export interface CandleQuery {
  readonly instrument: InstrumentId;
  readonly timeframe: Timeframe;
  readonly limit: number;
}
export const candleQuery: z.ZodType<CandleQuery> = z.strictObject({
  instrument: instrumentText,
  timeframe: z.enum(timeframes),
  limit: z.coerce.number().int().min(1).max(1_000).default(300),
});
export const candleRow = z.object({
  openedAt: time,
  open: decimal,
  high: decimal,
  low: decimal,
  close: decimal,
  volume: decimal,
  trades: z.number().int(),
  closed: z.boolean(),
});
export const priceRow = z.object({
  instrument: z.string(),
  ...market,
  bid: decimal.nullable(),
  ask: decimal.nullable(),
  last: decimal.nullable(),
  feed: z.string(),
  at: time.nullable(),
});
export const versionReply = z.object({ name: z.string(), version: z.string(), api: z.string(), time });
