/** The right to be the one who hears, polls and sends. Two at once would each know half of who is linked to what. */
export abstract class DutyLease {
  /** Null when it is ours from now on; else who has it. */
  abstract take(): Promise<string | null>;
  /** Gives it back, so that a successor need not wait. */
  abstract release(): Promise<void>;
}
