import { MarketService, PlatformService, RiskService, StrategyService } from '@scalpstorm/contracts/api';
import { whole } from '../http/paging.js';
import { limitList } from '../http/platform.handler.js';
import { routes } from '../http/routes.js';
import { as, beside, done, type GrpcMethod, on } from './grpc-method.js';

const { method: risk } = RiskService;
const { method: market } = MarketService;

/** What the market says, what the gate measures by, the emergency brake, and what runs here. */
export const platformMethods: readonly GrpcMethod[] = [
  on(
    routes.listInstruments,
    StrategyService.method.listInstruments,
  )(async ({ platform }, { user, query }) => whole(await platform.instruments(user.userId, query))),
  on(routes.listPrices, market.listPrices)(async ({ markets }) => whole(markets.prices())),
  on(
    routes.listCandles,
    market.listCandles,
  )(async ({ markets }, { query }) => whole(await markets.candles(query.instrument, query.timeframe, query.limit))),
  on(
    routes.riskLimits,
    risk.listRiskLimits,
  )(async (useCases, call) => limitList(await useCases.risk.limits(call, call.query.scope))),
  on(
    routes.setRiskLimits,
    risk.setRiskLimits,
  )(async (useCases, call) => limitList(await useCases.risk.setLimits(call, call.body))),
  on(routes.riskState, risk.getRiskState)((useCases, call) => useCases.risk.state(call)),
  on(routes.setRiskState, risk.setRiskState)((useCases, call) => useCases.risk.setState(call, call.body), as('state')),
  on(routes.tradingState, risk.getTradingState)(({ emergency }, call) => emergency.state(call), as('tradingState')),
  on(routes.halt, risk.halt)(({ emergency }, call) => emergency.halt(call, call.body), { shape: haltOutcome }),
  on(routes.haltProof, risk.getHaltProof)(({ haltProofs }, call) => haltProofs.prove(call, call.query.scope)),
  on(routes.listDeadMen, risk.listDeadMen)(async ({ deadMen }, call) => whole(await deadMen.list(call))),
  on(routes.setDeadMan, risk.setDeadMan)(
    ({ deadMen }, call) => deadMen.arm(call, call.body),
    beside('deadMan', 'renewed'),
  ),
  on(routes.removeDeadMan, risk.removeDeadMan)(({ deadMen }, call) => deadMen.disarm(call, call.query.scope), done),
  on(routes.release, risk.release)(({ emergency }, call) => emergency.release(call, call.body), as('tradingState')),
  on(routes.version, PlatformService.method.getVersion)(async ({ about }) => about.version()),
];

function haltOutcome(body: unknown): unknown {
  const { state, text, since, ...outcome } = body as Readonly<Record<'state' | 'text' | 'since', unknown>>;
  return { tradingState: { state, text, since }, ...outcome };
}
