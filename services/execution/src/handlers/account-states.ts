import { Injectable } from '@nestjs/common';
import type { AccountId, Purpose } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';

/** Why an account is not allowed everything, for machines and people. */
export interface Hold {
  /** `close-only`: nothing is opened. `held`: nothing is sent at all. */
  readonly kind: 'close-only' | 'held';
  readonly code: string;
  /** What is wrong and what to do about it. */
  readonly text: string;
}

export type AccountState =
  /** Not compared with its venue since this process began. */
  { readonly kind: 'recovering'; readonly reason: string } | { readonly kind: 'trading' } | Hold;

/** What each account may do at this moment; it begins as recovering, and only a comparison with the venue ends that. */
@Injectable()
export class AccountStates {
  private readonly states = new Map<AccountId, AccountState>();
  private readonly trading;

  constructor(metrics: Metrics) {
    this.trading = metrics.gauge({
      name: 'account_trading',
      help: '1 while an account may open orders, 0 while it recovers or is held.',
      labels: ['account'],
    });
  }

  of(accountId: AccountId): AccountState {
    return this.states.get(accountId) ?? { kind: 'recovering', reason: 'the service has just started' };
  }

  mayPlace(accountId: AccountId, purpose: Purpose): boolean {
    const { kind } = this.of(accountId);
    return kind === 'trading' || (kind === 'close-only' && purpose === 'close');
  }

  /** Recovery goes on; nothing changes for an account that was compared already. */
  recovering(accountId: AccountId, reason: string): void {
    if (this.of(accountId).kind === 'recovering') this.put(accountId, { kind: 'recovering', reason });
  }

  /** A comparison with the venue came to its end. */
  concluded(accountId: AccountId, hold: Hold | null): void {
    this.put(accountId, hold ?? { kind: 'trading' });
  }

  /** Something was found between two comparisons; the next one decides whether it stays. */
  hold(accountId: AccountId, hold: Hold): void {
    if (this.of(accountId).kind === 'trading') this.put(accountId, hold);
  }

  private put(accountId: AccountId, state: AccountState): void {
    this.states.set(accountId, state);
    this.trading.set({ account: accountId }, state.kind === 'trading' ? 1 : 0);
  }
}

/** For people; null while there is nothing to say. */
export function complaintOf(state: AccountState): string | null {
  switch (state.kind) {
    case 'trading':
      return null;
    case 'recovering':
      return `recovering: ${state.reason}`;
    case 'close-only':
      return `opens nothing: ${state.code}: ${state.text}`;
    case 'held':
      return `sends nothing: ${state.code}: ${state.text}`;
  }
}
