import { StoreBusy } from './errors.js';

export interface GatheredOptions {
  /** Questions in one go. Default: 256. */
  readonly batchMax?: number;
  /** Questions that may wait; more are refused with {@link StoreBusy}. Default: 10 000. */
  readonly waitingMax?: number;
}

interface Waiting<Question, Answer> {
  readonly question: Question;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * What many ask at the same time is answered in one go: it begins with the next microtask when nothing is being answered, and while
 * something is, the next batch gathers. So an answer is never older than its question. Batches keep the order of the questions.
 */
export class Gathered<Question, Answer> {
  private readonly waiting: Waiting<Question, Answer>[] = [];
  private readonly batchMax: number;
  private readonly waitingMax: number;
  private running: Promise<void> | undefined;

  /** `answer` gets 1 to `batchMax` questions and gives one answer each, in their order. */
  constructor(
    private readonly answer: (questions: readonly Question[]) => Promise<readonly Answer[]>,
    { batchMax = 256, waitingMax = 10_000 }: GatheredOptions = {},
  ) {
    this.batchMax = batchMax;
    this.waitingMax = waitingMax;
  }

  /** Rejects with what failed its batch, together with all that were asked with it. */
  ask(question: Question): Promise<Answer> {
    if (this.waiting.length >= this.waitingMax) {
      return Promise.reject(new StoreBusy(`${this.waitingMax} are waiting for an answer already`));
    }
    const result = new Promise<Answer>((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
    });
    this.running ??= this.run();
    return result;
  }

  /** Resolves when everything asked so far has been answered. */
  async settled(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async run(): Promise<void> {
    // What is asked in this turn of the event loop goes together.
    await null;
    while (this.waiting.length > 0) await this.answerBatch(this.waiting.splice(0, this.batchMax));
    this.running = undefined;
  }

  private async answerBatch(batch: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.answer(batch.map(({ question }) => question));
      if (answers.length !== batch.length) throw new Error(`${batch.length} questions got ${answers.length} answers`);
      for (const [place, { resolve }] of batch.entries()) resolve(answers[place] as Answer);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
