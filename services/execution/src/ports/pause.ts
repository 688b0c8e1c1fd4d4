/** Waiting, so that a test need not. */
export abstract class Pause {
  abstract for(ms: number): Promise<void>;
}
