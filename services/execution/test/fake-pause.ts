import { Pause } from '../src/ports/pause.js';

/** Remembers how long was waited, and waits until everything that is already decided has run. */
export class FakePause extends Pause {
  readonly waited: number[] = [];
  /** What happens meanwhile. */
  meanwhile: () => void | Promise<void> = () => undefined;

  async for(ms: number): Promise<void> {
    this.waited.push(ms);
    await this.meanwhile();
  }
}
