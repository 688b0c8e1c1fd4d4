import type { JournalPage, JournalRequest } from '@scalpstorm/contracts';

export interface JournalBounds {
  readonly days: number;
  /** Of one bot; up to the rows between two beginnings more. */
  readonly rowsMax: number;
}

/** Journals as they are kept; `BotStore` writes them, together with the state that they lead to. */
export abstract class JournalStore {
  /** Rows of a bot of this user in their order; none where it is not theirs. */
  abstract page(request: JournalRequest): Promise<JournalPage>;
  /** Forgets what is beyond the bounds, always up to a row that begins, and journals of deleted bots. Returns how many rows. */
  abstract prune(bounds: JournalBounds): Promise<number>;
}
