// The public API of the gateway as gRPC speaks it. A door of its own: services among themselves never say these words.
export { AuditService, file_scalpstorm_api_v1_audit } from './generated/scalpstorm/api/v1/audit_pb.js';
export { BacktestService, file_scalpstorm_api_v1_backtests } from './generated/scalpstorm/api/v1/backtests_pb.js';
export { BotService, file_scalpstorm_api_v1_bots } from './generated/scalpstorm/api/v1/bots_pb.js';
export {
  file_scalpstorm_api_v1_notifications,
  NotificationService,
} from './generated/scalpstorm/api/v1/notifications_pb.js';
export {
  file_scalpstorm_api_v1_optimisations,
  OptimisationService,
} from './generated/scalpstorm/api/v1/optimisations_pb.js';
export { file_scalpstorm_api_v1_order_plans, OrderPlanService } from './generated/scalpstorm/api/v1/order_plans_pb.js';
export {
  ApiKeyService,
  file_scalpstorm_api_v1_people,
  SessionService,
} from './generated/scalpstorm/api/v1/people_pb.js';
export {
  ActivityService,
  file_scalpstorm_api_v1_platform,
  PlatformService,
  RiskService,
  StrategyService,
  UserService,
} from './generated/scalpstorm/api/v1/platform_pb.js';
export {
  file_scalpstorm_api_v1_reconciliation,
  ReconciliationService,
} from './generated/scalpstorm/api/v1/reconciliation_pb.js';
export {
  FrameType,
  file_scalpstorm_api_v1_stream,
  MarketService,
  StreamService,
  type WatchRequest,
  type WatchResponse,
  WatchResponseSchema,
} from './generated/scalpstorm/api/v1/stream_pb.js';
export {
  file_scalpstorm_api_v1_trading,
  OrderService,
  PortfolioService,
} from './generated/scalpstorm/api/v1/trading_pb.js';
export { ErrorInfoSchema, ProblemSchema, StatusSchema } from './generated/scalpstorm/api/v1/values_pb.js';
export {
  file_scalpstorm_api_v1_venue_accounts,
  VenueAccountService,
} from './generated/scalpstorm/api/v1/venue_accounts_pb.js';
