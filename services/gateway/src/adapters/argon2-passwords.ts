import { Injectable } from '@nestjs/common';
import { hashPassword, verifyNothing, verifyPassword } from '@scalpstorm/auth';
import { ProblemRaised, problems } from '../domain/problem.js';
import { Passwords } from '../ports/passwords.js';

const runningMax = 4;
const waitingMax = 64;

/** Each hash takes 19 MiB and a thread for a while, so only a few run at once and a crowd is turned away. */
@Injectable()
export class Argon2Passwords extends Passwords {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hashPassword(password));
  }

  verify(password: string, hash: string | null): Promise<boolean> {
    return this.#inTurn(() => (hash === null ? verifyNothing(password) : verifyPassword(password, hash)));
  }

  async #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#running < runningMax) this.#running += 1;
    else if (this.#waiting.length >= waitingMax) throw new ProblemRaised(problems.tooManyAttempts(1));
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The place is handed on, so the count does not change.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
