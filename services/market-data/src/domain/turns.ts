/** So many at a time; who gets none asks again later. */
export class Turns {
  private taken = 0;

  constructor(private readonly most: number) {}

  take(): boolean {
    if (this.taken >= this.most) return false;
    this.taken += 1;
    return true;
  }

  giveBack(): void {
    this.taken -= 1;
  }
}
