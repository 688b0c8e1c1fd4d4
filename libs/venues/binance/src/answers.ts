import type { Micros } from '@scalpstorm/kernel';

const waitingMax = 1_000;

/** Requests on a socket that wait for the answer with their id. */
export class Answers {
  private readonly waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  private next = 0;

  /** The id to send, and the answer to it; rejects when it says no, is late, or never can come. */
  expect(timeout: Micros): { readonly id: string; readonly answer: Promise<void> } {
    if (this.waiting.size >= waitingMax) throw new Error(`more than ${waitingMax} requests wait for an answer`);
    this.next += 1;
    const id = String(this.next);
    const answer = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => this.settle(id, 'no answer in time'), timeout / 1_000);
      const settle = (act: () => void) => () => {
        clearTimeout(timer);
        this.waiting.delete(id);
        act();
      };
      this.waiting.set(id, { resolve: settle(resolve), reject: (error) => settle(() => reject(error))() });
    });
    return { id, answer };
  }

  /** `error` null: the answer was yes. */
  settle(id: string, error: string | null): void {
    const waiter = this.waiting.get(id);
    if (error === null) waiter?.resolve();
    else waiter?.reject(new Error(error));
  }

  /** The socket is gone. */
  abandon(detail: string): void {
    for (const id of [...this.waiting.keys()]) this.settle(id, detail);
  }
}
