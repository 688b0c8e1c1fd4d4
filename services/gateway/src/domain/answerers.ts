import {
  accountQuestion,
  botQuestion,
  executionAuditQuestion,
  flatQuestion,
  instrumentsQuestion,
  journalQuestion,
  notificationsQuestion,
  orderPlanQuestion,
  reconciliationQuestion,
  researchQuestion,
  riskAuditQuestion,
  riskQuestion,
  strategiesQuestion,
  venueAccountQuestion,
} from '@scalpstorm/contracts';

/** Whom the gateway asks, by the name of the question, in words that mean something to people. */
const answerers: ReadonlyMap<string, string> = new Map([
  [botQuestion.name, 'The bot service'],
  [journalQuestion.name, 'The bot service'],
  [strategiesQuestion.name, 'The bot service'],
  [riskQuestion.name, 'The risk gate'],
  [riskAuditQuestion.name, 'The risk gate'],
  [executionAuditQuestion.name, 'The order service'],
  [accountQuestion.name, 'The order service'],
  [venueAccountQuestion.name, 'The order service'],
  [reconciliationQuestion.name, 'The order service'],
  [flatQuestion.name, 'The order service'],
  [orderPlanQuestion.name, 'The order service'],
  [instrumentsQuestion.name, 'The market data service'],
  [notificationsQuestion.name, 'The notification service'],
  [researchQuestion.name, 'The research service'],
]);

export const answererOf = (question: string): string => answerers.get(question) ?? 'A service of the platform';
