/**
 * SIGUSR2: somebody at the machine wants trading halted. Listened to from the first moment on, because a process that does not listen is
 * ended by it; pressed before anybody can act on it, it is kept.
 */
export class EmergencySignal {
  private pressed = false;
  private act: (() => void) | null = null;
  private readonly onSignal = (): void => {
    if (this.act === null) this.pressed = true;
    else this.act();
  };

  constructor() {
    process.on('SIGUSR2', this.onSignal);
  }

  /** At once, when it was pressed already. */
  whenPressed(act: () => void): void {
    this.act = act;
    if (this.pressed) act();
    this.pressed = false;
  }

  close(): void {
    process.off('SIGUSR2', this.onSignal);
  }
}
