import type { AccountStateList, DifferenceList, ExternalOrder } from '../generated/api.js';

type AccountState = AccountStateList['data'][number];
export type Decision = NonNullable<ExternalOrder['decision']>;

interface StateWords {
  readonly title: string;
  readonly tone: 'up' | 'warn' | 'down';
}

/** What an account may do at this moment. */
export const accountWords: Readonly<Record<AccountState['state'], StateWords>> = {
  trading: { title: 'Trades', tone: 'up' },
  recovering: { title: 'Being compared, opens nothing yet', tone: 'warn' },
  'close-only': { title: 'Only closes', tone: 'warn' },
  held: { title: 'Held: nothing is sent', tone: 'down' },
};

/** What the circuit breaker of its venue adds; empty while it is closed. */
export const circuitWords: Readonly<Record<AccountState['circuit'], string>> = {
  closed: '',
  'half-open': 'The venue failed too often; one request tries whether it is back.',
  open: 'The venue failed too often and is left alone for a while; closing and canceling are still tried.',
};

export const triggerOfComparison: Readonly<Record<DifferenceList['data'][number]['trigger'], string>> = {
  start: 'at a start',
  reconnect: 'after a reconnect',
  timer: 'by the timer',
  request: 'on request',
};

/** What a person may decide about an order that nobody placed here. */
interface DecisionWords {
  readonly decision: Decision;
  readonly label: string;
  /** Of the button that does it; `Cancel` alone would close the dialog. */
  readonly confirm: string;
  readonly question: string;
  readonly consequence: string;
  readonly done: string;
}

export const decisions: readonly DecisionWords[] = [
  {
    decision: 'adopt',
    label: 'Adopt',
    confirm: 'Adopt',
    question: 'Take this order into your books?',
    consequence:
      'From now on it is followed like an order of yours by hand: its fills are booked, it counts toward the limits, and it can be canceled under Orders. It belongs to no bot. This is not undone.',
    done: 'The order is in your books',
  },
  {
    decision: 'ignore',
    label: 'Ignore',
    confirm: 'Ignore',
    question: 'Leave this order alone?',
    consequence:
      'It stays at the venue, and what it does is none of your books’ business. You can still decide otherwise while it works.',
    done: 'The order is left alone',
  },
  {
    decision: 'cancel',
    label: 'Cancel',
    confirm: 'Cancel the order',
    question: 'Cancel this order at the venue?',
    consequence: 'The venue is asked to cancel it. Whoever placed it there is not told.',
    done: 'The venue was asked to cancel it',
  },
];

/** Who has decided what, and what came of it; empty while nobody has. */
export function decidedWords({ decision, decidedBy, outcome }: ExternalOrder, me: string | undefined): string {
  if (decision === null) return '';
  const words = { adopt: 'Adopted', ignore: 'Ignored', cancel: 'Cancel' } as const;
  const by = decidedBy === null ? '' : ` by ${decidedBy === me ? 'you' : decidedBy}`;
  return `${words[decision]}${by}${outcome === '' ? '' : `: ${outcome}`}`;
}

/** What was left alone may be decided upon anew, as long as it works at the venue. */
export const mayDecide = ({ working, decision }: ExternalOrder): boolean =>
  working && (decision === null || decision === 'ignore');
