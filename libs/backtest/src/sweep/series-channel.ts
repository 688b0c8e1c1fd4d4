import { BroadcastChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { SeriesExchange, SharedSeries } from '@scalpstorm/strategies';

/**
 * The series that the threads of one sweep have computed, told from each to all. What is under way is heard in the middle of a run, too:
 * nobody waits for a turn of the event loop.
 */
export class SeriesChannel implements SeriesExchange {
  private readonly channel: BroadcastChannel;
  /** Came while nothing was run. */
  private readonly arrived: SharedSeries[] = [];
  private bytes = 0;

  /** @param name the same in each thread of the sweep, and of no other sweep in the process */
  constructor(name: string) {
    this.channel = new BroadcastChannel(name);
    this.channel.unref();
    this.channel.onmessage = ({ data }) => void this.arrived.push(data);
  }

  next(): SharedSeries | null {
    // Node takes a broadcast channel here, too; its types do not say so.
    const port = this.channel as unknown as MessagePort;
    const series: SharedSeries | null = this.arrived.shift() ?? receiveMessageOnPort(port)?.message ?? null;
    if (series !== null) this.count(series);
    return series;
  }

  tell(series: SharedSeries): void {
    this.channel.postMessage(series);
    this.count(series);
  }

  /** Of shared memory that has come here, or has gone out from here. */
  get sharedBytes(): number {
    return this.bytes;
  }

  close(): void {
    this.channel.close();
    for (const series of this.arrived.splice(0)) this.count(series);
  }

  private count({ columns }: SharedSeries): void {
    for (const { byteLength } of Object.values(columns)) this.bytes += byteLength;
  }
}
