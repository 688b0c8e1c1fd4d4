/** The right to be the one who hears, polls and sends. Two at once would each know half of who is linked to what.
 * Nothing is sent without a claim in the database of the lease, so a holder that has lost touch with it says nothing twice. */
export abstract class DutyLease {
  /** Null when it is ours from now on; else who has it. */
  abstract take(): Promise<string | null>;
  /** Gives it back, so that a successor need not wait. */
  abstract release(): Promise<void>;
}
