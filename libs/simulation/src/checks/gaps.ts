import { second } from '@scalpstorm/kernel';
import type { SimProcess } from '../services/sim-process.js';
import type { VirtualTime } from '../time/virtual-time.js';

/** What was marked right before may leave yet. */
const leavesWithin = second;

/** Whether execution knows that its stream has missed something, and could not read what. */
export class Gaps {
  private readonly since = new Map<SimProcess, number>();

  constructor(private readonly time: VirtualTime) {}

  compared(process: SimProcess, trigger: string, succeeded: boolean): void {
    if (succeeded) this.since.delete(process);
    else if (trigger === 'reconnect' && !this.since.has(process)) this.since.set(process, this.time.elapsed);
  }

  isOpen(process: SimProcess): boolean {
    const since = this.since.get(process);
    return since !== undefined && this.time.elapsed - since > leavesWithin;
  }
}
