// The one door of the arbitraries: any event, question and answer that the contracts allow, by subject.

export {
  account,
  balance,
  difference,
  position,
  venueAccountRequest,
  venueAccountStanding,
} from './account-arbitraries.js';
export { auditMark, auditRequest, auditValue } from './audit-arbitraries.js';
export {
  activity,
  bot,
  botAnswer,
  botCommand,
  cycle,
  journalPage,
  journalRequest,
  strategies,
} from './bot-arbitraries.js';
export { haltSweepRequest, haltSwept, userStanding } from './chat-arbitraries.js';
export { flatness, flatRequest } from './flatness-arbitraries.js';
export { inferenceRequest, inferenceValue, prediction } from './inference-arbitraries.js';
export { liveChange } from './live-arbitraries.js';
export { candle, depth, feedStatus, feeRates, instrument, quote, trade } from './market-arbitraries.js';
export { notificationCommand, notificationProfile } from './notification-arbitraries.js';
export { cancelReason, denial, order, orderEvent, orderRequest } from './order-arbitraries.js';
export { orderPlan, orderPlanRequest } from './plan-arbitraries.js';
export { reconciliationRequest, reconciliationStanding } from './reconciliation-arbitraries.js';
export {
  candlesRequest,
  certificateIssued,
  researchJob,
  researchRequest,
  researchValue,
} from './research-arbitraries.js';
export { haltLevel, riskAnswer, riskCommand, riskScope, tradingState } from './risk-arbitraries.js';
export {
  accountId,
  answerOf,
  botId,
  clientOrderId,
  few,
  id,
  instrumentId,
  largeCount,
  meta,
  orNull,
  price,
  text,
  timestamp,
  userId,
} from './value-arbitraries.js';
