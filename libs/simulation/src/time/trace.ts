/** What happened in a run, as one number; and its last lines in words when somebody wants to read them. */
export class Trace {
  private high = 0x811c9dc5;
  private low = 0x01000193;
  private readonly lines: string[] = [];

  /** @param linesMax so many of the newest lines are kept for people */
  constructor(private readonly linesMax = 0) {}

  mark(at: number, what: string): void {
    this.mix(at % 0x1_0000_0000);
    this.mix(Math.floor(at / 0x1_0000_0000));
    for (let place = 0; place < what.length; place += 1) this.mix(what.charCodeAt(place));
  }

  /** Something that people want to read when they look for a fault. */
  tell(at: number, what: string): void {
    this.mark(at, what);
    this.note(at, what);
  }

  /** Words of the processes: they are no part of what happened. */
  note(at: number, what: string): void {
    if (this.linesMax === 0) return;
    this.lines.push(`${(at / 1e6).toFixed(6).padStart(12)} ${what}`);
    if (this.lines.length > 2 * this.linesMax) this.lines.splice(0, this.linesMax);
  }

  get told(): readonly string[] {
    return this.lines.slice(-this.linesMax);
  }

  get isTold(): boolean {
    return this.linesMax > 0;
  }

  /** Sixteen hexadecimal digits. */
  get hash(): string {
    const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
    return hex(this.high) + hex(this.low);
  }

  /** FNV-1a over words, with a second lane so that two runs do not meet by chance. */
  private mix(word: number): void {
    this.high = Math.imul(this.high ^ word, 0x01000193);
    this.low = Math.imul(this.low ^ (word + 0x9e3779b9), 0x85ebca6b) ^ (this.high >>> 13);
  }
}
