import { Log } from '@scalpstorm/observability';
import type { VirtualTime } from '../time/virtual-time.js';

/** What the processes say is part of the trace when somebody reads it, and nowhere else. */
export class QuietLog extends Log {
  constructor(
    private readonly time: VirtualTime,
    private readonly name: string,
  ) {
    super();
  }

  debug = (): void => undefined;
  info = (fields: object, text: string): void => this.tell('info', fields, text);
  warn = (fields: object, text: string): void => this.tell('warn', fields, text);
  error = (fields: object, text: string): void => this.tell('error', fields, text);
  fatal = (fields: object, text: string): void => this.tell('fatal', fields, text);
  child = (): Log => this;
  flush = async (): Promise<void> => undefined;

  private tell(level: string, fields: object, text: string): void {
    const { trace, elapsed } = this.time;
    if (trace.isTold) trace.note(elapsed, `${this.name} ${level}: ${text} ${wordsOf(fields)}`);
  }
}

function wordsOf(fields: object): string {
  return JSON.stringify(fields, (_key, value) => {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    return typeof value === 'bigint' ? value.toString() : value;
  });
}
