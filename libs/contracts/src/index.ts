export {
  type AuditAnchored,
  type AuditAnswer,
  type AuditChain,
  type AuditCheck,
  type AuditFault,
  type AuditMark,
  type AuditRequest,
  type AuditValue,
  auditFaultKinds,
} from './audit.js';
export {
  type HaltSweepAnswer,
  type HaltSweepRequest,
  type HaltSwept,
  type LeftByHalt,
  leftKinds,
  type SweepLevel,
  sweepLevels,
  type UserStanding,
  type UserStandingRequest,
} from './chats.js';
export { auditAnchored, executionAuditQuestion, riskAuditQuestion } from './codec/audit.js';
export { botChanged, botQuestion, cycleCompleted, journalQuestion, strategiesQuestion } from './codec/bot.js';
export { haltSweepQuestion, userStandingQuestion } from './codec/chats.js';
export { accountChanged, accountQuestion, reconciled } from './codec/execution.js';
export { flatQuestion } from './codec/flatness.js';
export { inferenceQuestion, predictionMade } from './codec/inference.js';
export { instrumentFromJson, instrumentToJson } from './codec/instrument.js';
export { liveChanged } from './codec/live.js';
export {
  candleChanged,
  candlesQuestion,
  depthChanged,
  feedStatusChanged,
  instrumentsQuestion,
  quoteChanged,
  recentCandlesQuestion,
  tradeTicked,
} from './codec/market.js';
export { notificationsQuestion } from './codec/notifications.js';
export { activityLogged } from './codec/ops.js';
export { cancelRequested, orderApproved, orderChanged, orderDenied, orderRequested } from './codec/order.js';
export { orderPlanQuestion } from './codec/order-plans.js';
export { reconciliationQuestion } from './codec/reconciliation.js';
export { certificateIssued, researchJobChanged, researchQuestion } from './codec/research.js';
export { riskQuestion, tradingStateChanged } from './codec/risk.js';
export { venueAccountQuestion } from './codec/venue-accounts.js';
export {
  type Contract,
  type Meta,
  type Question,
  type Speaker,
  type StreamName,
  speakers,
  streamNames,
  UnreadableMessage,
} from './contract.js';
export type {
  AccountChanged,
  ActivityLogged,
  BotChanged,
  CancelRequested,
  CandleChanged,
  CycleCompleted,
  Denial,
  DepthChanged,
  Difference,
  FeedStatusChanged,
  OrderApproved,
  OrderChanged,
  OrderDenied,
  OrderRequested,
  PredictionMade,
  QuoteChanged,
  Reconciled,
  TradeTicked,
  TradingState,
  TradingStateChanged,
} from './events.js';
export type { AccountFlatness, Flatness, FlatOrder, FlatPosition, FlatRequest } from './flatness.js';
export { type LiveChange, type LiveChanged, type LiveChannel, liveChannels, liveRowCharactersMax } from './live.js';
export { createMeta } from './meta.js';
export { administrator, answerInbox, inboxPrefix, type NatsUser, natsUsers } from './nats-users.js';
export {
  type ChannelStatus,
  type FailedDelivery,
  type LevelFilter,
  levelFilters,
  type NoticeKind,
  type NoticeLevel,
  type NotificationAnswer,
  type NotificationChannel,
  type NotificationCommand,
  type NotificationPreferences,
  type NotificationProfile,
  noticeKinds,
  noticeLevels,
  notificationChannels,
  type UserRole,
  userRoles,
} from './notifications.js';
export {
  type OrderPlan,
  type OrderPlanAnswer,
  type OrderPlanRequest,
  type PlanOrder,
  planOrderStates,
} from './order-plans.js';
export type {
  AccountAnswer,
  AccountRequest,
  Answer,
  BotAnswer,
  BotCommand,
  DeadMan,
  InferenceAnswer,
  InferenceModel,
  InferenceRequest,
  InferenceValue,
  InstrumentsReply,
  InstrumentsRequest,
  JournalLine,
  JournalPage,
  JournalRequest,
  LimitWish,
  ParameterWarning,
  RecentCandlesReply,
  RecentCandlesRequest,
  Refusal,
  RiskAnswer,
  RiskCommand,
  RiskLimit,
  ScopeState,
  StrategyDescription,
  Tensor,
} from './questions.js';
export {
  type AccountStanding,
  accountStateKinds,
  type DifferenceRecord,
  type ExternalDecision,
  type ExternalOrder,
  externalDecisions,
  type ReconciliationAnswer,
  type ReconciliationRequest,
  type ReconciliationStanding,
  venueCircuits,
} from './reconciliations.js';
export { type RegisteredMessage, registeredMessages } from './registry.js';
export {
  type CandlesAnswer,
  type CandlesRequest,
  type CertificateIssued,
  type JobFault,
  type JobPriority,
  type JobSeries,
  type JobState,
  jobPriorities,
  jobSeries,
  jobStates,
  jobsAtOnceMax,
  type ResearchAnswer,
  type ResearchJob,
  type ResearchJobChanged,
  type ResearchKind,
  type ResearchRequest,
  researchKinds,
} from './research.js';
export { inNamespace, subjectFilter, withSpeaker } from './subject.js';
export {
  type ConsumerSpec,
  consumerConfig,
  consumersOf,
  deadLetterSubject,
  type StreamSpec,
  streamConfig,
  streamIn,
  topology,
} from './topology.js';
export type {
  VenueAccount,
  VenueAccountAnswer,
  VenueAccountCheck,
  VenueAccountRequest,
  VenueAccountStanding,
  VenueOffer,
} from './venue-accounts.js';
export {
  type OrderTermsRow,
  orderFromView,
  positionFromView,
  type StandingOrderRow,
  type StandingPositionRow,
  termsRow,
} from './views.js';
