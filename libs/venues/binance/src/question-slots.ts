import type { Micros } from '@scalpstorm/kernel';

/** So many questions under way at a time, counted until their answer is read, also when nobody waits for it any more. */
export class QuestionSlots {
  private taken = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly most: number) {}

  /** False: as many are under way as may be. */
  take(): boolean {
    if (this.taken >= this.most) return false;
    this.taken += 1;
    return true;
  }

  giveBack(): void {
    this.taken -= 1;
    this.wake();
  }

  /** Whoever waits looks again. */
  wake(): void {
    for (const wake of [...this.waiting]) wake();
  }

  /** Until one is given back, or so long. */
  async change(longest: Micros): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.ceil(longest / 1_000));
      this.waiting.add(wake);
    });
  }
}
