import type { BotId, Mode, UserId } from '@scalpstorm/model';
import type { UserRole } from './notifications.js';
import type { Answer } from './questions.js';

/** Who somebody is now, and on which accounts they may have bots. */
export interface UserStanding {
  /** Null: disabled or gone, and may do nothing. */
  readonly role: UserRole | null;
  readonly accounts: readonly { readonly id: string; readonly venue: string; readonly mode: Mode }[];
}
export interface UserStandingRequest {
  readonly userId: UserId;
}

/** What a halt does beside the gate, and for how much. */
export const sweepLevels = ['cancel', 'flatten'] as const;
export type SweepLevel = (typeof sweepLevels)[number];

export interface HaltSweepRequest {
  readonly commandId: string;
  readonly userId: UserId;
  readonly level: SweepLevel;
}

export const leftKinds = ['bot', 'order', 'position'] as const;
/** One thing that a halt has left as it was, and why. */
export interface LeftByHalt {
  readonly kind: (typeof leftKinds)[number];
  readonly id: string;
  readonly botId: BotId | null;
  readonly code: string;
  readonly text: string;
  readonly next: string;
}
export interface HaltSwept {
  /** Bots that obeyed. */
  readonly bots: number;
  /** Orders for which a cancel was asked of execution. */
  readonly ordersCanceled: number;
  readonly left: {
    readonly bots: number;
    readonly orders: number;
    readonly positions: number;
    /** False: time ran out before everything was looked at, so the numbers are the least that is left. */
    readonly complete: boolean;
    /** The first of them. */
    readonly items: readonly LeftByHalt[];
  };
}
export type HaltSweepAnswer = Answer<HaltSwept>;
