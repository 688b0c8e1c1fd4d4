import type { Micros } from '@scalpstorm/kernel';

const waitingMax = 1_000;

interface Waiter {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Requests on a socket that wait for the answer with their id. */
export class Answers {
  private readonly waiting = new Map<string, Waiter>();
  private next = 0;

  /** The id to send, and the result of the answer to it; rejects when it says no, is late, or never can come. */
  expect(timeout: Micros): { readonly id: string; readonly answer: Promise<unknown> } {
    if (this.waiting.size >= waitingMax) throw new Error(`more than ${waitingMax} requests wait for an answer`);
    this.next += 1;
    const id = String(this.next);
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(
        () => this.waiting.get(id)?.reject(new AnswerLate('no answer in time')),
        timeout / 1_000,
      );
      const settled = (act: () => void): void => {
        clearTimeout(timer);
        this.waiting.delete(id);
        act();
      };
      this.waiting.set(id, {
        resolve: (result) => settled(() => resolve(result)),
        reject: (error) => settled(() => reject(error)),
      });
    });
    return { id, answer };
  }

  accept(id: string, result: unknown): void {
    this.waiting.get(id)?.resolve(result);
  }

  refuse(id: string, text: string): void {
    this.waiting.get(id)?.reject(new AnswerRefused(text));
  }

  /** The socket is gone. */
  abandon(detail: string): void {
    for (const waiter of [...this.waiting.values()]) waiter.reject(new Error(detail));
  }
}

/** The venue said no to one request. */
export class AnswerRefused extends Error {
  override readonly name = 'AnswerRefused';
}

/** It may still come; nobody waits for it any more. */
export class AnswerLate extends Error {
  override readonly name = 'AnswerLate';
}
