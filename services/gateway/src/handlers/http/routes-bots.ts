import { botVerbs } from '@scalpstorm/model';
import { get, patch, post, remove } from './route-builder.js';
import * as form from './schemas.js';

/** Bots and the strategies that they follow. */
export const botRoutes = {
  listBots: get('/v1/bots', {
    summary: 'My bots, newest first',
    access: 'viewer',
    query: form.pageQuery,
    reply: form.listOf(form.botRow),
  }),
  createBot: post('/v1/bots', {
    summary: 'Create a bot',
    access: 'trader',
    body: form.newBotBody,
    status: 201,
    reply: form.warnedBotRow,
  }),
  getBot: get('/v1/bots/:id', { summary: 'One bot', access: 'viewer', params: form.botParams, reply: form.botRow }),
  editBot: patch('/v1/bots/:id', {
    summary: 'Change the name or parameters; a parameter set to null is removed',
    access: 'trader',
    params: form.botParams,
    body: form.botPatch,
    reply: form.warnedBotRow,
  }),
  deleteBot: remove('/v1/bots/:id', {
    summary: 'Delete a bot',
    access: 'trader',
    params: form.botParams,
    status: 204,
    reply: form.noReply,
  }),
  commandBot: post('/v1/bots/:id/:verb', {
    summary: `Tell a bot to ${botVerbs.join(', ')}`,
    access: 'trader',
    params: form.botVerbParams,
    status: 202,
    reply: form.botRow,
  }),
  listBotCycles: get('/v1/bots/:id/cycles', {
    summary: 'Completed cycles, newest first',
    access: 'viewer',
    params: form.botParams,
    query: form.pageQuery,
    reply: form.listOf(form.cycleRow),
  }),
  listBotOrders: get('/v1/bots/:id/orders', {
    summary: 'Orders of a bot, newest first',
    access: 'viewer',
    params: form.botParams,
    query: form.botOrderQuery,
    reply: form.listOf(form.orderRow),
  }),
  listBotFills: get('/v1/bots/:id/fills', {
    summary: 'Fills of a bot, newest first',
    access: 'viewer',
    params: form.botParams,
    query: form.pageQuery,
    reply: form.listOf(form.fillRow),
  }),
  listStrategies: get('/v1/strategies', {
    summary: 'Strategies with the JSON Schema of their parameters',
    access: 'viewer',
    reply: form.listOf(form.strategyRow),
  }),
  getStrategy: get('/v1/strategies/:id', {
    summary: 'One strategy with the JSON Schema of its parameters',
    access: 'viewer',
    params: form.strategyParams,
    reply: form.strategyRow,
  }),
} as const;
