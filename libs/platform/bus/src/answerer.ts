import { Logger } from '@nestjs/common';
import { BrokenInvariant } from '@scalpstorm/kernel';
import { type About, aboutOf } from './about.js';
import type { NoAnswerCode } from './bus.js';
import type { BusMetrics } from './metrics.js';
import type { Answering } from './receiver.js';
import { asCarried, type MessageHeaders, spanned } from './tracing.js';

/** On a reply without an answer: why there is none. */
export const failureHeader = 'Scalpstorm-Failure';

export interface Asked {
  readonly data: Uint8Array;
  readonly headers: MessageHeaders;
  reply(payload: Uint8Array, headers: MessageHeaders): void;
}

const answersMax = 256;

/** Answers one kind of question; one that it cannot answer gets a reply that says so, so that the asker need not wait. */
export class Answerer {
  readonly #log = new Logger('bus');
  readonly #under = new Set<Promise<void>>();

  constructor(
    private readonly answering: Answering,
    private readonly metrics: BusMetrics,
    private readonly die: (error: BrokenInvariant) => void,
  ) {
    metrics.answers(answering.question.name);
  }

  take(asked: Asked): void {
    if (this.#under.size >= answersMax) {
      this.#fail(asked, 'OVERLOADED');
      return;
    }
    const answer = this.#answer(asked).finally(() => this.#under.delete(answer));
    this.#under.add(answer);
  }

  async idle(): Promise<void> {
    await Promise.all(this.#under);
  }

  async #answer(asked: Asked): Promise<void> {
    const request = this.#read(asked);
    if (request === null) return;
    const about = aboutOf(request.value);
    await asCarried(asked.headers, about, () => this.#answerTo(asked, request.value, about));
  }

  async #answerTo(asked: Asked, request: unknown, about: About): Promise<void> {
    const { question, answer } = this.answering;
    try {
      const reply = await spanned('answer', { template: question.subject, about }, () => answer(request));
      asked.reply(question.reply.encode(reply), {});
      this.metrics.answered.inc({ question: question.name, result: 'ok' });
    } catch (cause) {
      this.#log.error(`${question.name}: ${cause instanceof Error ? (cause.stack ?? cause.message) : cause}`);
      this.#fail(asked, 'FAILED');
      if (cause instanceof BrokenInvariant) this.die(cause);
    }
  }

  #read(asked: Asked): { readonly value: unknown } | null {
    try {
      return { value: this.answering.question.request.decode(asked.data) };
    } catch (cause) {
      this.#log.warn(`${this.answering.question.name}: ${cause instanceof Error ? cause.message : cause}`);
      this.#fail(asked, 'UNREADABLE');
      return null;
    }
  }

  #fail(asked: Asked, code: NoAnswerCode): void {
    this.metrics.answered.inc({ question: this.answering.question.name, result: code });
    asked.reply(new Uint8Array(), { [failureHeader]: code });
  }
}

const answerCodes: readonly NoAnswerCode[] = ['FAILED', 'OVERLOADED', 'UNREADABLE'];

/** The code that the answering side put into its reply, or null for an answer. */
export function failureOf(headers: MessageHeaders): NoAnswerCode | null {
  const text = headers[failureHeader];
  if (text === undefined) return null;
  return answerCodes.find((code) => code === text) ?? 'FAILED';
}
