import { Injectable } from '@nestjs/common';

/** Somebody was shut out by this process a moment ago; whoever keeps something open for people looks at once who it was. */
@Injectable()
export class Departures {
  readonly #listeners = new Set<() => void>();

  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  onTold(listener: () => void): void {
    this.#listeners.add(listener);
  }
}
