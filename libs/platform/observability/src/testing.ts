import { Log, type LogLevel } from './log.js';

export interface RecordedLine {
  readonly level: LogLevel;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Keeps the lines for a test to look at, and writes nothing. */
export class RecordingLog extends Log {
  constructor(
    readonly lines: RecordedLine[] = [],
    private readonly bindings: object = {},
  ) {
    super();
  }

  debug(fields: object, text: string): void {
    this.keep('debug', fields, text);
  }

  info(fields: object, text: string): void {
    this.keep('info', fields, text);
  }

  warn(fields: object, text: string): void {
    this.keep('warn', fields, text);
  }

  error(fields: object, text: string): void {
    this.keep('error', fields, text);
  }

  fatal(fields: object, text: string): void {
    this.keep('fatal', fields, text);
  }

  child(fields: object): Log {
    return new RecordingLog(this.lines, { ...this.bindings, ...fields });
  }

  async flush(): Promise<void> {
    // Nothing is held back.
  }

  private keep(level: LogLevel, fields: object, text: string): void {
    this.lines.push({ level, fields: { ...this.bindings, ...fields }, text });
  }
}
