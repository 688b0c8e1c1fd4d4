import type { Refusal } from '@scalpstorm/contracts';
import type { PlanStatus } from '@scalpstorm/model';

/** Why a plan can not be taken, or not be canceled. */
export const planRefusals = {
  unknown: (): Refusal => ({
    code: 'PLAN_NOT_FOUND',
    field: '',
    text: 'there is no such plan',
    allowed: '',
    next: 'List them; the ids are there.',
  }),
  over: (status: PlanStatus): Refusal => ({
    code: 'PLAN_OVER',
    field: '',
    text: `the plan is ${status} already`,
    allowed: '',
    next: 'Nothing is left to cancel.',
  }),
  forgotten: (): Refusal => ({
    code: 'PLAN_FORGOTTEN',
    field: '',
    text: 'The key was used for a plan that is kept no more; nothing was planned.',
    allowed: '',
    next: 'Use a new key for a new request.',
  }),
  tooMany: (most: number): Refusal => ({
    code: 'TOO_MANY_PLANS',
    field: '',
    text: `the account has ${most} open plans`,
    allowed: `at most ${most}`,
    next: 'Cancel one, or wait until one is done.',
  }),
  notConnected: (account: string): Refusal => ({
    code: 'ACCOUNT_NOT_CONNECTED',
    field: '/account',
    text: `account ${account} has no connection to its venue`,
    allowed: '',
    next: 'Enable the account, then plan again.',
  }),
  instrumentUnknown: (instrument: string): Refusal => ({
    code: 'INSTRUMENT_UNKNOWN',
    field: '/symbol',
    text: `the instrument ${instrument} is not known`,
    allowed: 'a symbol of GET /v1/instruments',
    next: 'Check the symbol and the venue.',
  }),
} as const;
