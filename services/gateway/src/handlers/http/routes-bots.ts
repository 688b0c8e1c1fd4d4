import { botVerbs } from '@scalpstorm/model';
import { get, patch, post, remove } from './route-builder.js';
import * as form from './schemas.js';
import * as bots from './schemas-bots.js';
import * as trading from './schemas-trading.js';

/** Bots and the strategies that they follow. */
export const botRoutes = {
  listBots: get('/v1/bots', {
    summary: 'My bots, newest first',
    access: 'viewer',
    query: form.pageQuery,
    reply: form.listOf(bots.botRow),
  }),
  createBot: post('/v1/bots', {
    summary: 'Create a bot',
    access: 'trader',
    body: bots.newBotBody,
    status: 201,
    reply: bots.warnedBotRow,
  }),
  getBot: get('/v1/bots/:id', { summary: 'One bot', access: 'viewer', params: bots.botParams, reply: bots.botRow }),
  editBot: patch('/v1/bots/:id', {
    summary: 'Change the name or parameters; a parameter set to null is removed',
    access: 'trader',
    params: bots.botParams,
    body: bots.botPatch,
    reply: bots.warnedBotRow,
    ifMatch: true,
  }),
  deleteBot: remove('/v1/bots/:id', {
    summary: 'Delete a bot',
    access: 'trader',
    params: bots.botParams,
    status: 204,
    reply: form.noReply,
  }),
  commandBot: post('/v1/bots/:id/:verb', {
    summary: `Tell a bot to ${botVerbs.join(', ')}`,
    access: 'trader',
    params: bots.botVerbParams,
    status: 202,
    reply: bots.botRow,
  }),
  listBotCycles: get('/v1/bots/:id/cycles', {
    summary: 'Completed cycles, newest first',
    access: 'viewer',
    params: bots.botParams,
    query: form.pageQuery,
    reply: form.listOf(bots.cycleRow),
  }),
  listBotOrders: get('/v1/bots/:id/orders', {
    summary: 'Orders of a bot, newest first',
    access: 'viewer',
    params: bots.botParams,
    query: trading.botOrderQuery,
    reply: form.listOf(trading.orderRow),
  }),
  listBotFills: get('/v1/bots/:id/fills', {
    summary: 'Fills of a bot, newest first',
    access: 'viewer',
    params: bots.botParams,
    query: form.pageQuery,
    reply: form.listOf(trading.fillRow),
  }),
  listBotJournal: get('/v1/bots/:id/journal', {
    summary: 'What a bot was told and did, oldest first, for a replay',
    access: 'viewer',
    params: bots.botParams,
    query: form.pageQuery,
    reply: form.listOf(bots.journalRow),
  }),
  listStrategies: get('/v1/strategies', {
    summary: 'Strategies with the JSON Schema of their parameters',
    access: 'viewer',
    reply: form.listOf(bots.strategyRow),
  }),
  getStrategy: get('/v1/strategies/:id', {
    summary: 'One strategy with the JSON Schema of its parameters',
    access: 'viewer',
    params: bots.strategyParams,
    reply: bots.strategyRow,
  }),
} as const;
