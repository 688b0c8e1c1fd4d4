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
  /** Not compared with its venue since it was connected. */
  { readonly kind: 'recovering'; readonly reason: string } | { readonly kind: 'trading' } | Hold;

/** What each account may do at this moment; it begins as recovering, and only a comparison with the venue ends that. */
@Injectable()
export class AccountStates {
  private readonly states = new Map<AccountId, AccountState>();
  /** What was found besides comparisons, and how often: a comparison ends only what came before its review. */
  private readonly found = new Map<AccountId, { readonly times: number; readonly hold: Hold }>();
  /** Those whose connection is being closed: nothing new begins. */
  private readonly closing = new Set<AccountId>();
  /** Those that the operator configured; all others were brought by users. */
  private readonly configured = new Set<AccountId>();
  private readonly trading;

  constructor(metrics: Metrics) {
    this.trading = metrics.gauge({
      name: 'account_trading',
      help: '1 while an account may open orders, 0 while it recovers or is held; by who brought it: operator or user.',
      labels: ['account', 'owner'],
    });
  }

  /** The operator's own: whoever is on duty looks after it, and not the user who brought it. */
  ofOperator(accountId: AccountId): void {
    this.configured.add(accountId);
    this.show(accountId, 0);
  }

  of(accountId: AccountId): AccountState {
    if (this.closing.has(accountId)) return { kind: 'recovering', reason: 'its connection is being closed' };
    return this.states.get(accountId) ?? { kind: 'recovering', reason: 'it has not been compared with its venue yet' };
  }

  /** Nothing is placed from now on, until it is reopened or forgotten; what was known of it is kept. */
  close(accountId: AccountId): void {
    this.closing.add(accountId);
  }

  /** It stays connected after all, and is what it was. */
  reopen(accountId: AccountId): void {
    this.closing.delete(accountId);
  }

  /** Its connection is gone. Whatever comes next, perhaps with another key, is compared before it trades. */
  forget(accountId: AccountId): void {
    this.closing.delete(accountId);
    this.states.delete(accountId);
    // Nobody is to be called because of what is not there any more.
    this.trading.remove(this.labelsOf(accountId));
  }

  mayPlace(accountId: AccountId, purpose: Purpose): boolean {
    const { kind } = this.of(accountId);
    return kind === 'trading' || (kind === 'close-only' && purpose === 'close');
  }

  /** Recovery goes on; nothing changes for an account that was compared already. */
  recovering(accountId: AccountId, reason: string): void {
    if (this.of(accountId).kind === 'recovering') this.put(accountId, { kind: 'recovering', reason });
  }

  /** To be asked for before a comparison looks at what is open: what is found later, it has not seen. */
  generation(accountId: AccountId): number {
    return this.found.get(accountId)?.times ?? 0;
  }

  /** A comparison with the venue came to its end; what was found after `generation` stays for the next one to decide. */
  concluded(accountId: AccountId, hold: Hold | null, generation: number): void {
    const found = this.found.get(accountId);
    const unseen = found !== undefined && found.times > generation ? found.hold : null;
    this.put(accountId, hold ?? unseen ?? { kind: 'trading' });
  }

  /** Something was found that no comparison has seen yet; the next one decides whether it stays. */
  hold(accountId: AccountId, hold: Hold): void {
    this.found.set(accountId, { times: this.generation(accountId) + 1, hold });
    if (this.of(accountId).kind === 'trading') this.put(accountId, hold);
  }

  private put(accountId: AccountId, state: AccountState): void {
    this.states.set(accountId, state);
    this.show(accountId, state.kind === 'trading' ? 1 : 0);
  }

  private show(accountId: AccountId, value: 0 | 1): void {
    this.trading.set(this.labelsOf(accountId), value);
  }

  private labelsOf(accountId: AccountId): { account: AccountId; owner: 'operator' | 'user' } {
    return { account: accountId, owner: this.configured.has(accountId) ? 'operator' : 'user' };
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
