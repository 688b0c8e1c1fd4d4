import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../../dist/execution.js', import.meta.url));
const linesKept = 40;
const startMsMax = 90_000;

/** A real execution process, to be killed. */
export class ExecutionProcess {
  private readonly lines: string[] = [];
  private readonly exited: Promise<unknown>;
  /** Resolves with the address of health and metrics. */
  readonly serving: Promise<string>;

  static start(env: Readonly<Record<string, string>>): ExecutionProcess {
    const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
    const child = spawn(process.execPath, [entry], {
      env: { PATH, NODE_COMPILE_CACHE, SCALPSTORM_PARENT: 'stdin', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return new ExecutionProcess(child);
  }

  private constructor(private readonly child: ChildProcess) {
    this.exited = once(child, 'exit');
    child.stderr?.on('data', (chunk: Buffer) => this.keep(String(chunk)));
    this.serving = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(this.failure('does not serve in time')), startMsMax);
      if (child.stdout === null) throw new Error('no standard output');
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.keep(line);
        if (!line.includes('"msg":"serving"')) return;
        clearTimeout(late);
        resolve((JSON.parse(line) as { operationsUrl: string }).operationsUrl);
      });
      child.once('exit', () => {
        clearTimeout(late);
        reject(this.failure('ended'));
      });
    });
    // Whoever waits hears it; a process that was killed on purpose is nobody's failure.
    this.serving.catch(() => undefined);
  }

  /** Resolves when the system has buried it, so that its lease is free at once. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Asks it to end; resolves with its exit code. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    await this.exited;
    return this.child.exitCode;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Its last lines, for the message of a failed test. */
  get log(): string {
    return this.lines.join('\n');
  }

  private keep(text: string): void {
    this.lines.push(text);
    if (this.lines.length > linesKept) this.lines.shift();
  }

  private failure(what: string): Error {
    return new Error(`execution ${what}; it said:\n${this.log}`);
  }
}
