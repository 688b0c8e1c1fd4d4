import { setTimeout as delay } from 'node:timers/promises';
import { Pause } from '../ports/pause.js';

export class TimerPause extends Pause {
  async for(ms: number): Promise<void> {
    await delay(ms);
  }
}
