/** What the environment says, as a value that Nest can inject. */
export abstract class ResearchSettings {
  /** Jobs at a time. */
  abstract readonly workers: number;
  /** Of one job. */
  abstract readonly megabytesMax: number;
  abstract readonly millisecondsMax: number;
  abstract readonly barsMax: number;
  /** A folder with the operator's own strategies; null: there are none. */
  abstract readonly strategiesDir: string | null;
  /** Runs of one search. */
  abstract readonly trialsMax: number;
  /** Trials of one user that are known one by one. */
  abstract readonly trialsPerUserMax: number;
  abstract readonly queuedPerUserMax: number;
  abstract readonly queuedMax: number;
  /** So often whoever runs a job may be lost. */
  abstract readonly lossesMax: number;
  abstract readonly leaseMs: number;
  abstract readonly keptDays: number;
  abstract readonly keptPerUserMax: number;
  abstract readonly barFilesBytesMax: number;
}
