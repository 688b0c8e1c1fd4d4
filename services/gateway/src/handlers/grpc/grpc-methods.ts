import type { DescMethodUnary } from '@bufbuild/protobuf';
import {
  ActivityService,
  BotService,
  MarketService,
  OrderService,
  PortfolioService,
  RiskService,
  StrategyService,
  UserService,
} from '@scalpstorm/contracts/api';
import type { BotVerb } from '@scalpstorm/model';
import { openOf, pageOf, whole } from '../http/paging.js';
import type { AnyRoute, Call } from '../http/route.js';
import { routes } from '../http/routes.js';
import type { UseCases } from './use-cases.js';

/** One call: which line of the API it is, and the use case behind it. */
export interface GrpcMethod {
  readonly rpc: DescMethodUnary;
  /** Gives the role, the schemas of what is asked, and whether a repeat is answered from the ledger. */
  readonly route: AnyRoute;
  /** Parameters of the path that the call's own name says. */
  readonly fixed: Readonly<Record<string, string>>;
  readonly work: (useCases: UseCases, call: Call<AnyRoute>) => Promise<unknown>;
  /** The answer's JSON, from the JSON that HTTP gives. */
  readonly shape: (body: unknown) => unknown;
}

const asIs = (body: unknown) => body;
const as = (field: string) => (body: unknown) => ({ [field]: body });

/** Binds a call to a route, so that `work` sees the route's own types. */
function on<R>(route: R, rpc: DescMethodUnary) {
  return (
    work: (useCases: UseCases, call: Call<R>) => Promise<unknown>,
    options: { readonly shape?: GrpcMethod['shape']; readonly fixed?: GrpcMethod['fixed'] } = {},
  ): GrpcMethod => ({
    rpc,
    route: route as AnyRoute,
    fixed: options.fixed ?? {},
    work: work as GrpcMethod['work'],
    shape: options.shape ?? asIs,
  });
}

const verb = (name: BotVerb, rpc: DescMethodUnary) =>
  on(routes.commandBot, rpc)(({ bots }, call) => bots.command(call, call.params.id, call.params.verb), {
    fixed: { verb: name },
    shape: as('bot'),
  });

const { method: bot } = BotService;
const { method: order } = OrderService;
const { method: portfolio } = PortfolioService;
const { method: strategy } = StrategyService;
const { method: risk } = RiskService;
const { method: market } = MarketService;

/** Every call that is answered once. The HTTP controllers call the same use cases with the same schemas. */
export const grpcMethods: readonly GrpcMethod[] = [
  on(routes.listBots, bot.listBots)(({ bots }, call) => bots.list(call.user.userId, pageOf(call.query))),
  on(routes.getBot, bot.getBot)(({ bots }, call) => bots.get(call.user.userId, call.params.id), { shape: as('bot') }),
  on(routes.createBot, bot.createBot)(({ bots }, call) => bots.create(call, call.body), { shape: warned }),
  on(routes.editBot, bot.editBot)(({ bots }, call) => bots.edit(call, call.params.id, call.body), { shape: warned }),
  on(routes.deleteBot, bot.deleteBot)(
    async ({ bots }, call) => {
      await bots.delete(call, call.params.id);
      return null;
    },
    { shape: () => ({}) },
  ),
  verb('start', bot.startBot),
  verb('pause', bot.pauseBot),
  verb('resume', bot.resumeBot),
  verb('stop', bot.stopBot),
  verb('flatten', bot.flattenBot),
  on(
    routes.listBotCycles,
    bot.listBotCycles,
  )(({ bots }, call) => bots.cycles(call.user.userId, call.params.id, pageOf(call.query))),

  on(
    routes.listOrders,
    order.listOrders,
  )(({ trading }, { user, query }) => {
    const filter = { bot: query.bot ?? null, open: openOf(query.status) };
    return trading.orders(user.userId, filter, pageOf(query));
  }),
  on(routes.getOrder, order.getOrder)(
    ({ trading }, call) => trading.order(call.user.userId, call.params.clientOrderId),
    { shape: orderWithEvents },
  ),
  on(routes.cancelOrder, order.cancelOrder)(({ trading }, call) => trading.cancel(call, call.params.clientOrderId), {
    shape: as('order'),
  }),
  on(
    routes.listFills,
    order.listFills,
  )(({ trading }, { user, query }) => trading.fills(user.userId, query.bot ?? null, pageOf(query))),

  on(
    routes.listPositions,
    portfolio.listPositions,
  )(async ({ trading }, call) => whole(await trading.positions(call.user.userId))),
  on(routes.closePosition, portfolio.closePosition)(({ bots }, call) => bots.close(call, call.body.bot), {
    shape: as('bot'),
  }),
  on(
    routes.listBalances,
    portfolio.listBalances,
  )(async ({ trading }, call) => whole(await trading.balances(call.user.userId))),
  on(
    routes.listAccounts,
    portfolio.listAccounts,
  )(async ({ platform }, call) => whole(await platform.accounts(call.user.userId))),

  on(
    routes.listActivity,
    ActivityService.method.listActivity,
  )(({ trading }, { user, query }) => {
    const filter = { bot: query.bot ?? null, level: query.level ?? null };
    return trading.activity(user.userId, filter, pageOf(query));
  }),
  on(routes.listStrategies, strategy.listStrategies)(async ({ platform }) => whole(await platform.strategies())),
  on(routes.getStrategy, strategy.getStrategy)(({ platform }, call) => platform.strategy(call.params.id), {
    shape: as('strategy'),
  }),
  on(routes.listInstruments, strategy.listInstruments)(async ({ platform }) => whole(await platform.instruments())),

  on(routes.listPrices, market.listPrices)(async ({ markets }) => whole(markets.prices())),
  on(
    routes.listCandles,
    market.listCandles,
  )(async ({ markets }, { query }) => whole(await markets.candles(query.instrument, query.timeframe, query.limit))),

  on(routes.riskLimits, risk.listRiskLimits)(async (useCases, call) => whole(await useCases.risk.limits(call))),
  on(routes.riskState, risk.getRiskState)((useCases, call) => useCases.risk.state(call)),
  on(routes.tradingState, risk.getTradingState)(({ emergency }, call) => emergency.state(call), {
    shape: as('tradingState'),
  }),
  on(routes.halt, risk.halt)(({ emergency }, call) => emergency.halt(call, call.body), { shape: haltOutcome }),
  on(routes.release, risk.release)(({ emergency }, call) => emergency.release(call, call.body), {
    shape: as('tradingState'),
  }),
  on(routes.me, UserService.method.getMe)(({ sessions }, call) => sessions.me(call.user.userId), { shape: as('user') }),
];

function orderWithEvents(body: unknown): unknown {
  const { events, ...order } = body as { readonly events: unknown };
  return { order, events };
}

function warned(body: unknown): unknown {
  const { warnings, ...bot } = body as { readonly warnings: unknown };
  return { bot, warnings };
}

function haltOutcome(body: unknown): unknown {
  const { state, text, since, ...outcome } = body as Readonly<Record<'state' | 'text' | 'since', unknown>>;
  return { tradingState: { state, text, since }, ...outcome };
}
