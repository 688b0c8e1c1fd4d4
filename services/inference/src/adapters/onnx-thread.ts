import { Worker } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from './onnx-messages.js';

/** Beside this file, in the form in which this file is. */
const program = new URL(import.meta.url.endsWith('.ts') ? './onnx-worker.ts' : './onnx-worker.js', import.meta.url);

type Unnumbered = WorkerRequest extends infer Request ? (Request extends unknown ? Omit<Request, 'id'> : never) : never;

const closeMsMax = 1_000;

/** One thread with its unanswered requests. A thread that died answers none of them, nor any later one. */
export class OnnxThread {
  private readonly worker = new Worker(program, { name: 'onnx' });
  private readonly waiting = new Map<number, { resolve(reply: WorkerReply): void; reject(error: Error): void }>();
  private last = 0;
  private gone: Error | null = null;
  private exited = false;

  constructor() {
    this.worker.on('message', (reply: WorkerReply) => {
      const asked = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      asked?.resolve(reply);
    });
    this.worker.on('error', (error) => this.end(error instanceof Error ? error : new Error(String(error))));
    this.worker.on('exit', (code) => {
      this.exited = true;
      this.end(new Error(`the thread that computes ended with ${code}`));
    });
  }

  get isAlive(): boolean {
    return this.gone === null;
  }

  /** True once nothing of it is left; what is stuck in native code goes on until that returns. */
  get hasExited(): boolean {
    return this.exited;
  }

  /** @throws when the thread is gone, or says that it failed */
  async ask(request: Unnumbered, transfer: readonly ArrayBuffer[] = []): Promise<WorkerReply> {
    if (this.gone !== null) throw this.gone;
    this.last += 1;
    const id = this.last;
    const reply = await new Promise<WorkerReply>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...request, id }, transfer);
    });
    if (reply.kind === 'failed') throw new Error(reply.text);
    return reply;
  }

  /** Nothing waits for it any more, and it keeps the process from no end. */
  abandon(reason: string): void {
    this.end(new Error(reason));
    this.worker.unref();
    this.askToEnd();
  }

  /** Native code cannot be interrupted: it is waited for, but not for ever. */
  async close(): Promise<void> {
    if (this.exited) return;
    const exited = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closeMsMax);
    });
    this.askToEnd();
    await Promise.race([exited, late]);
    clearTimeout(timer);
    this.worker.unref();
    this.end(new Error('the thread that computes was closed'));
  }

  /** Never by force: a thread that is terminated while ONNX Runtime computes on it takes the process with it. */
  private askToEnd(): void {
    this.last += 1;
    const request: WorkerRequest = { kind: 'end', id: this.last };
    this.worker.postMessage(request);
  }

  private end(error: Error): void {
    this.gone ??= error;
    for (const { reject } of this.waiting.values()) reject(this.gone);
    this.waiting.clear();
  }
}
