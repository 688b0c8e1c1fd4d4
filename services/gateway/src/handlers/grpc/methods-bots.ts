import type { DescMethodUnary } from '@bufbuild/protobuf';
import { BotService, OrderService, StrategyService } from '@scalpstorm/contracts/api';
import type { BotVerb } from '@scalpstorm/model';
import { openOf, pageOf, whole } from '../http/paging.js';
import { routes } from '../http/routes.js';
import { as, beside, done, type GrpcMethod, on } from './grpc-method.js';

const { method: bot } = BotService;
const { method: order } = OrderService;
const { method: strategy } = StrategyService;

const verb = (name: BotVerb, rpc: DescMethodUnary) =>
  on(routes.commandBot, rpc)(({ bots }, call) => bots.command(call, call.params.id, call.params.verb), {
    fixed: { verb: name },
    ...as('bot'),
  });

/** Bots and the strategies that they follow. */
export const botMethods: readonly GrpcMethod[] = [
  on(routes.listBots, bot.listBots)(({ bots }, { user, query }) => bots.list(user.userId, pageOf(query))),
  on(routes.getBot, bot.getBot)(({ bots }, { user, params }) => bots.get(user.userId, params.id), as('bot')),
  on(routes.createBot, bot.createBot)(({ bots }, call) => bots.create(call, call.body), beside('bot', 'warnings')),
  on(routes.editBot, bot.editBot)(
    ({ bots }, call) => bots.edit(call, call.params.id, call.body),
    beside('bot', 'warnings'),
  ),
  on(routes.deleteBot, bot.deleteBot)(({ bots }, call) => bots.delete(call, call.params.id), done),
  verb('start', bot.startBot),
  verb('pause', bot.pauseBot),
  verb('resume', bot.resumeBot),
  verb('stop', bot.stopBot),
  verb('flatten', bot.flattenBot),
  on(
    routes.listBotCycles,
    bot.listBotCycles,
  )(({ bots }, { user, params, query }) => bots.cycles(user.userId, params.id, pageOf(query))),
  on(
    routes.listBotOrders,
    order.listBotOrders,
  )(({ bots }, { user, params, query }) => {
    const filter = { bot: params.id, open: openOf(query.status) };
    return bots.orders(user.userId, filter, pageOf(query));
  }),
  on(
    routes.listBotFills,
    order.listBotFills,
  )(({ bots }, { user, params, query }) => bots.fills(user.userId, params.id, pageOf(query))),
  on(routes.listStrategies, strategy.listStrategies)(async ({ platform }) => whole(await platform.strategies())),
  on(routes.getStrategy, strategy.getStrategy)(
    ({ platform }, { params }) => platform.strategy(params.id),
    as('strategy'),
  ),
];
