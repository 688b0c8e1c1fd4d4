import { Worker } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from './onnx-messages.js';

/** Beside this file, in the form in which this file is. */
const program = new URL(import.meta.url.endsWith('.ts') ? './onnx-worker.ts' : './onnx-worker.js', import.meta.url);

type Unnumbered = WorkerRequest extends infer Request ? (Request extends unknown ? Omit<Request, 'id'> : never) : never;

/** One thread with its unanswered requests. A thread that died answers none of them, nor any later one. */
export class OnnxThread {
  private readonly worker = new Worker(program, { name: 'onnx' });
  private readonly waiting = new Map<number, { resolve(reply: WorkerReply): void; reject(error: Error): void }>();
  private last = 0;
  private gone: Error | null = null;

  constructor() {
    this.worker.on('message', (reply: WorkerReply) => {
      const asked = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      asked?.resolve(reply);
    });
    this.worker.on('error', (error) => this.end(error instanceof Error ? error : new Error(String(error))));
    this.worker.on('exit', (code) => this.end(new Error(`the thread that computes ended with ${code}`)));
  }

  get isAlive(): boolean {
    return this.gone === null;
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

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private end(error: Error): void {
    this.gone ??= error;
    for (const { reject } of this.waiting.values()) reject(this.gone);
    this.waiting.clear();
  }
}
