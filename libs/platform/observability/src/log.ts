import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { currentLogContext } from './log-context.js';
import { redactFields, redactText } from './redact.js';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** One JSON line a fact. Secrets are hidden by name at any depth up to a bound, and inside texts. */
export abstract class Log {
  abstract debug(fields: object, text: string): void;
  abstract info(fields: object, text: string): void;
  abstract warn(fields: object, text: string): void;
  abstract error(fields: object, text: string): void;
  /** For the last words of a process: reaches the output before it returns, if need be ahead of earlier lines. */
  abstract fatal(fields: object, text: string): void;
  /** A log whose lines all carry these fields. */
  abstract child(fields: object): Log;
  /** Resolves when everything written so far has left the process, in its order. */
  abstract flush(): Promise<void>;
}

/** Lines that wait for a slow reader of stdout; beyond it they are dropped rather than stopping the service. */
const waitingBytesMax = 4 * 1024 * 1024;
/** Every line is written at once; with 0 instead of 1 the destination's `flush` does nothing. */
const lineBytesMin = 1;

export interface LogOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** Where the lines go; stdout unless a test says otherwise. */
  readonly destination?: DestinationStream;
}

export class PinoLog extends Log {
  static create({ service, level, destination }: LogOptions): PinoLog {
    const target =
      destination ?? pino.destination({ dest: 1, sync: false, minLength: lineBytesMin, maxLength: waitingBytesMax });
    const logger = pino(
      {
        level,
        base: { service },
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      target,
    );
    return new PinoLog(logger, target);
  }

  private constructor(
    private readonly logger: Logger,
    private readonly destination: DestinationStream,
  ) {
    super();
  }

  debug(fields: object, text: string): void {
    this.write('debug', fields, text);
  }

  info(fields: object, text: string): void {
    this.write('info', fields, text);
  }

  warn(fields: object, text: string): void {
    this.write('warn', fields, text);
  }

  error(fields: object, text: string): void {
    this.write('error', fields, text);
  }

  fatal(fields: object, text: string): void {
    this.write('fatal', fields, text);
    if (!('flushSync' in this.destination) || typeof this.destination.flushSync !== 'function') return;
    try {
      this.destination.flushSync();
    } catch {
      // The reader of stdout is gone: there is nobody left to tell.
    }
  }

  child(fields: object): Log {
    return new PinoLog(this.logger.child(redactFields(fields)), this.destination);
  }

  async flush(): Promise<void> {
    const flush: unknown = 'flush' in this.destination ? this.destination.flush : undefined;
    if (typeof flush !== 'function') return;
    await new Promise<void>((resolve) => {
      flush.call(this.destination, () => resolve());
    });
  }

  private write(level: Exclude<LogLevel, 'trace'>, fields: object, text: string): void {
    if (!this.logger.isLevelEnabled(level)) return;
    this.logger[level]({ ...traceFields(), ...currentLogContext(), ...redactFields(fields) }, redactText(text));
  }
}

/** Named as in the OpenTelemetry log data model's JSON, so that a log store can join lines with spans. */
function traceFields(): { trace_id?: string; span_id?: string } {
  const context = trace.getActiveSpan()?.spanContext();
  if (context === undefined || !isSpanContextValid(context)) return {};
  return { trace_id: context.traceId, span_id: context.spanId };
}
