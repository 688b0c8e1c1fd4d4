import Table from 'cli-table3';

export interface Terminal {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
}

export interface Column<Value> {
  readonly title: string;
  readonly of: (row: Value) => string;
  /** What programs read of it, where people are told less. */
  readonly exact?: (row: Value) => string;
  readonly align?: 'left' | 'right';
}

/**
 * Who reads may leave before the end (`… | head`). What was begun goes on all the same, a halt above all, and is told to nobody; what
 * has no end of its own listens to `interrupt`.
 */
export function letReaderLeave(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

type Paint = 'red' | 'green' | 'yellow' | 'dim' | 'bold';
const codes: Readonly<Record<Paint, number>> = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 };

/** Answers go to stdout: a table for people, tab-separated lines for a pipe, JSON when it was asked for. */
export class Output {
  constructor(
    private readonly terminal: Terminal,
    readonly json: boolean,
    private readonly color: boolean,
  ) {}

  get isTerminal(): boolean {
    return this.terminal.stdout.isTTY === true;
  }

  get width(): number {
    return this.terminal.stdout.columns ?? 120;
  }

  /** One JSON value on one line. */
  value(value: unknown): void {
    this.terminal.stdout.write(`${JSON.stringify(value)}\n`);
  }

  line(text: string): void {
    this.terminal.stdout.write(`${text}\n`);
  }

  raw(text: string): void {
    this.terminal.stdout.write(text);
  }

  /** For people only: it never gets into a pipe. */
  note(text: string): void {
    this.terminal.stderr.write(`${text}\n`);
  }

  paint(text: string, paint: Paint): string {
    return this.color ? `\u001b[${codes[paint]}m${text}\u001b[0m` : text;
  }

  table<Value>(rows: readonly Value[], columns: readonly Column<Value>[]): void {
    this.raw(this.tableText(rows, columns));
  }

  tableText<Value>(rows: readonly Value[], columns: readonly Column<Value>[]): string {
    const titles = columns.map(({ title }) => title);
    if (!this.isTerminal) {
      const told = rows.map((row) => columns.map(({ of, exact = of }) => exact(row)));
      return `${[titles, ...told].map((line) => line.map(plain).join('\t')).join('\n')}\n`;
    }
    const cells = rows.map((row) => columns.map(({ of }) => of(row)));
    const table = new Table({
      head: titles.map((title) => this.paint(title, 'bold')),
      colAligns: columns.map(({ align }) => align ?? 'left'),
      style: { head: [], border: [], compact: true },
      chars: thinBorders,
    });
    table.push(...cells.map((line) => line.map(printable)));
    return `${table.toString()}\n`;
  }

  /** One object: its fields line by line. */
  fields(fields: readonly (readonly [name: string, value: string])[]): void {
    const width = Math.max(...fields.map(([name]) => name.length));
    for (const [name, value] of fields) {
      this.line(this.isTerminal ? `${name.padEnd(width)}  ${printable(value)}` : `${name}\t${plain(value)}`);
    }
  }
}

const thinBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
} as const;

/** Names and texts are users' own: an escape sequence in one must not reach the terminal. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to take out
  text.replaceAll(/[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]|\u001b(?!\[\d{1,2}m)/g, '\ufffd');

/** One cell of a tab-separated line. */
const plain = (text: string): string => printable(text).replaceAll(/\s*[\t\n\r]+\s*/g, ' ');
