const [decayFirst, decaySecond, tiny] = [0.9, 0.999, 1e-8];

export interface AdamStep {
  /** The gradient is multiplied by it. */
  readonly scale: number;
  readonly ridge: number;
  /** The rate falls along a half cosine from the first pass to the last. */
  readonly pass: number;
  readonly of: number;
}

/** Kingma and Ba 2015, with decoupled ridge. Changes the parameters in place. */
export class Adam {
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private count = 0;

  constructor(
    private readonly parameters: Float64Array,
    private readonly rate: number,
  ) {
    this.first = new Float64Array(parameters.length);
    this.second = new Float64Array(parameters.length);
  }

  step(gradient: Float64Array, { scale, ridge, pass, of }: AdamStep): void {
    this.count += 1;
    const { parameters, first, second } = this;
    const rate = this.rate * 0.5 * (1 + Math.cos((Math.PI * pass) / of));
    const firstScale = 1 / (1 - decayFirst ** this.count);
    const secondScale = 1 / (1 - decaySecond ** this.count);
    for (let index = 0; index < parameters.length; index += 1) {
      const slope = (gradient[index] ?? 0) * scale;
      const before = parameters[index] ?? 0;
      first[index] = decayFirst * (first[index] ?? 0) + (1 - decayFirst) * slope;
      second[index] = decaySecond * (second[index] ?? 0) + (1 - decaySecond) * slope ** 2;
      const move = ((first[index] ?? 0) * firstScale) / (Math.sqrt((second[index] ?? 0) * secondScale) + tiny);
      parameters[index] = before - rate * (move + ridge * before);
    }
  }
}
