import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../../dist/kafka-bridge.js', import.meta.url));
const linesKept = 40;

/** A real bridge process, to be killed. */
export class BridgeProcess {
  /** Resolves with the address of health and metrics. */
  readonly serving: Promise<string>;
  readonly #lines: string[] = [];
  readonly #exited: Promise<unknown>;

  static start(env: Readonly<Record<string, string>>): BridgeProcess {
    const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
    const child = spawn(process.execPath, [entry], {
      env: { PATH, NODE_COMPILE_CACHE, SCALPSTORM_PARENT: 'stdin', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return new BridgeProcess(child);
  }

  private constructor(private readonly child: ChildProcess) {
    this.#exited = once(child, 'exit');
    child.stderr?.on('data', (chunk: Buffer) => this.#keep(String(chunk)));
    this.serving = new Promise((resolve, reject) => {
      if (child.stdout === null) throw new Error('no standard output');
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.#keep(line);
        if (line.includes('"msg":"serving"')) resolve((JSON.parse(line) as { operationsUrl: string }).operationsUrl);
      });
      child.once('exit', () => reject(new Error(`the bridge ended; it said:\n${this.log}`)));
    });
    // Whoever waits hears it; a process that was killed on purpose is nobody's failure.
    this.serving.catch(() => undefined);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#exited;
  }

  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await this.#exited;
    }
    return this.child.exitCode;
  }

  /** Its last lines, for the message of a failed test. */
  get log(): string {
    return this.#lines.join('\n');
  }

  #keep(text: string): void {
    this.#lines.push(text);
    if (this.#lines.length > linesKept) this.#lines.shift();
  }
}
