import { get, patch, post, put, remove } from './route-builder.js';
import * as form from './schemas.js';
import * as platform from './schemas-platform.js';
import * as risk from './schemas-risk.js';

/** What the market says, what the gate measures by, and the emergency brake. */
export const marketAndRiskRoutes = {
  listInstruments: get('/v1/instruments', {
    summary:
      'Instruments with the filters of their venues; with account and instrument, at the fees that this account pays',
    access: 'viewer',
    query: platform.instrumentsQuery,
    reply: form.listOf(form.instrumentRow),
  }),
  listCandles: get('/v1/candles', {
    summary: 'The newest candles of an instrument, oldest first',
    access: 'viewer',
    query: platform.candleQuery,
    reply: form.listOf(platform.candleRow),
  }),
  listPrices: get('/v1/prices', {
    summary: 'The newest prices of every instrument that is followed',
    access: 'viewer',
    reply: form.listOf(platform.priceRow),
  }),
  tradingState: get('/v1/trading-state', {
    summary: 'May new orders be opened?',
    access: 'viewer',
    reply: risk.tradingStateReply,
  }),
  halt: post('/v1/halt', {
    summary: 'Stop all opening orders at once; level cancel stops the bots too, level flatten closes what they hold',
    access: 'brake',
    body: risk.haltBody,
    reply: risk.haltReply,
  }),
  haltProof: get('/v1/halt/proof', {
    summary:
      'Is anything open after a halt? What the venues say of every account in scope, and of whom nothing is proved',
    access: 'viewer',
    query: risk.haltProofQuery,
    reply: risk.haltProofReply,
  }),
  listDeadMen: get('/v1/dead-man', {
    summary:
      'Timers that halt by themselves unless they are renewed: mine, or everybody’s for people of role risk or admin',
    access: 'viewer',
    reply: risk.deadManList,
  }),
  setDeadMan: put('/v1/dead-man', {
    summary:
      'Arm or renew the timer of a scope: it is halted at that level unless it is renewed within so many seconds',
    access: 'limits',
    body: risk.deadManBody,
    reply: risk.armedDeadManRow,
    // A renewal comes every few seconds, and says nothing that the arming did not.
    audited: { kind: 'risk-command', tell: ({ renewed }) => (renewed ? null : {}) },
  }),
  removeDeadMan: remove('/v1/dead-man', {
    summary: 'Take the timer of a scope away',
    access: 'limits',
    query: risk.deadManQuery,
    status: 204,
    reply: form.noReply,
  }),
  release: post('/v1/release', {
    summary: 'Allow opening orders again',
    access: 'brake',
    body: risk.releaseBody,
    reply: risk.tradingStateReply,
  }),
  riskLimits: get('/v1/risk/limits', {
    summary: 'What every order of mine, or of the scope that is named, is measured against, and who set it',
    access: 'viewer',
    query: risk.limitsQuery,
    reply: risk.riskLimitList,
  }),
  setRiskLimits: patch('/v1/risk/limits', {
    summary: 'Tighten limits of a scope; one that is null is removed',
    access: 'limits',
    body: risk.riskLimitsPatch,
    reply: risk.riskLimitList,
    ifMatch: true,
  }),
  riskState: get('/v1/risk/state', {
    summary: 'What binds me, the state of the whole platform, and every scope that is not active',
    access: 'viewer',
    reply: platform.riskStateReply,
  }),
  setRiskState: post('/v1/risk/state', {
    summary: 'Set the platform, a venue, a user, an account or a bot to active, reducing or halted',
    access: 'brake',
    body: risk.riskStateBody,
    reply: risk.scopeStateRow,
  }),
} as const;
