import type { Desk } from '@scalpstorm/strategies';

/** Writes down what a decider asks for at each bar, whether or not it is taken. */
export class TracingDesk implements Desk {
  private words = '';

  /** @param standing what it is told of its position, and who takes its wishes */
  constructor(private readonly standing: Desk) {}

  get held(): number {
    return this.standing.held;
  }

  get entryPrice(): number {
    return this.standing.entryPrice;
  }

  enter(tag?: string): void {
    this.say('enter', tag);
    this.standing.enter(tag);
  }

  exit(tag?: string): void {
    this.say('exit', tag);
    this.standing.exit(tag);
  }

  stopAt(price: number): void {
    this.say('stop at', `${price}`);
    this.standing.stopAt(price);
  }

  takeProfitAt(price: number): void {
    this.say('take profit at', `${price}`);
    this.standing.takeProfitAt(price);
  }

  /** All that was asked for since the last call. */
  take(): string {
    const { words } = this;
    this.words = '';
    return words;
  }

  private say(verb: string, what = ''): void {
    const said = what === '' ? verb : `${verb} ${what}`;
    this.words = this.words === '' ? said : `${this.words}, ${said}`;
  }
}

/** Tells a decider of a position that was held in another run, and takes nothing. */
export class StandingDesk implements Desk {
  held = 0;
  entryPrice = Number.NaN;

  enter(): void {}
  exit(): void {}
  stopAt(): void {}
  takeProfitAt(): void {}
}
