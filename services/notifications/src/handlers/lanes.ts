import { type ChannelStatus, type NotificationChannel, notificationChannels } from '@scalpstorm/contracts';
import type { Lane } from './lane.js';

/** One lane a configured channel; a channel without one is off. */
export class Lanes {
  private readonly lanes: ReadonlyMap<NotificationChannel, Lane>;

  /** `off`: what to do to switch a channel on. */
  constructor(
    lanes: readonly Lane[],
    private readonly off: Readonly<Record<NotificationChannel, string>>,
  ) {
    this.lanes = new Map(lanes.map((lane) => [lane.name, lane]));
  }

  has(channel: NotificationChannel): boolean {
    return this.lanes.has(channel);
  }

  start(): void {
    for (const lane of this.lanes.values()) lane.start();
  }

  wake(channel: NotificationChannel): void {
    this.lanes.get(channel)?.wake();
  }

  status(): ChannelStatus[] {
    return notificationChannels.map((channel) => {
      const lane = this.lanes.get(channel);
      if (lane === undefined) return { channel, state: 'off', text: this.off[channel] };
      const { downBecause } = lane;
      return downBecause === null ? { channel, state: 'up', text: '' } : { channel, state: 'down', text: downBecause };
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.close()));
  }
}
