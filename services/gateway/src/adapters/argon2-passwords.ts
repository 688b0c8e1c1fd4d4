import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ProblemRaised, problems } from '../domain/problem.js';
import { Passwords } from '../ports/passwords.js';

/** OWASP's first choice for argon2id; 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const tagBytes = 32;
const saltBytes = 16;
const runningMax = 4;
const waitingMax = 64;

const pattern = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/-]{11,86})\$([\w+/-]{22,86})$/;

/** Argon2id (RFC 9106) in the PHC text form, so that the cost can rise later and old hashes still verify. */
@Injectable()
export class Argon2Passwords extends Passwords {
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Of a password that nobody knows; last, because making it needs the fields above. */
  readonly #decoy = this.hash(randomBytes(tagBytes).toString('base64'));

  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltBytes);
    const tag = await this.#derive(password, { ...cost, nonce: salt, tagLength: tagBytes });
    return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
  }

  async verify(password: string, hash: string | null): Promise<boolean> {
    const [, memory, passes, parallelism, salt = '', tag = ''] = pattern.exec(hash ?? (await this.#decoy)) ?? [];
    if (tag === '') throw new Error('a stored password hash cannot be read');
    const expected = Buffer.from(tag, 'base64');
    const derived = await this.#derive(password, {
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
      nonce: Buffer.from(salt, 'base64'),
      tagLength: expected.length,
    });
    return timingSafeEqual(derived, expected) && hash !== null;
  }

  /** Each run takes memory and a thread, so only a few run at once and a crowd is turned away. */
  async #derive(password: string, parameters: Omit<Argon2Parameters, 'message'>): Promise<Buffer> {
    if (this.#running >= runningMax) {
      if (this.#waiting.length >= waitingMax) throw new ProblemRaised(problems.tooManyAttempts(1));
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        const message = password.normalize('NFKC');
        argon2('argon2id', { message, ...parameters }, (error, tag) => (error === null ? resolve(tag) : reject(error)));
      });
    } finally {
      const next = this.#waiting.shift();
      // The place is handed on, so the count does not change.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
