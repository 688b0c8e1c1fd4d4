import { closeSync, createReadStream, fsyncSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { Failure, usageFailure } from '../failure.js';

const bytesMax = 512 * 1024 * 1024;
const lineMax = 64 * 1024;

/** What a file of JSON lines holds. */
export interface LinesRead {
  readonly values: readonly unknown[];
  /** Lines that are no JSON: a process died in the middle of one, or the file is none of ours. */
  readonly torn: number;
}

/**
 * A file of JSON lines that only grows, and that several processes may add to. Each line is one write at the end of the file and begins
 * with its line break, so that it never runs into what another process was torn off in.
 */
export class LineLog {
  private descriptor: number | null = null;

  constructor(readonly file: string) {}

  /**
   * What there is now; nothing where there is no file.
   * @param naming lines that look whole and nowhere have this text are passed over, without being parsed
   * @throws Failure for a file that is too large or can not be read
   */
  async read(keep: (value: unknown) => boolean = () => true, naming = ''): Promise<LinesRead> {
    const values: unknown[] = [];
    let torn = 0;
    for await (const line of this.lines()) {
      if (line === '' || (looksWhole(line) && !line.includes(naming))) continue;
      const value = parsed(line);
      if (value === undefined) torn += 1;
      else if (keep(value)) values.push(value);
    }
    return { values, torn };
  }

  /** On record when it returns, whatever becomes of this process. @throws Failure */
  add(value: unknown): void {
    const line = Buffer.from(`\n${JSON.stringify(value)}`);
    try {
      this.descriptor ??= this.open();
      if (writeSync(this.descriptor, line) !== line.length) throw new Error('the disk is full');
    } catch (error) {
      throw this.notWritten(error as Error);
    }
  }

  /** On the disk, also if the machine dies. */
  close(): void {
    if (this.descriptor === null) return;
    fsyncSync(this.descriptor);
    closeSync(this.descriptor);
    this.descriptor = null;
  }

  private open(): number {
    mkdirSync(dirname(this.file), { recursive: true });
    return openSync(this.file, 'a', 0o600);
  }

  private async *lines(): AsyncGenerator<string> {
    const found = statSync(this.file, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (found.size > bytesMax) {
      throw new Failure('FILE_TOO_LARGE', `${this.file} is larger than ${bytesMax} bytes.`, {
        next: 'move it away, or name another file',
      });
    }
    // No more than there was: what is added meanwhile may be half there.
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for await (const chunk of createReadStream(this.file, { end: Math.max(0, found.size - 1) })) {
      const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
      // Longer than any of ours: it counts as torn, and is not kept whole.
      rest = (lines.pop() ?? '').slice(0, lineMax);
      yield* lines;
    }
    yield rest;
  }

  private notWritten(cause: Error): Failure {
    return usageFailure('FILE_NOT_WRITTEN', `${this.file} could not be written: ${cause.message}`, 'name another file');
  }
}

const looksWhole = (line: string): boolean => line.startsWith('{') && line.endsWith('}');

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
