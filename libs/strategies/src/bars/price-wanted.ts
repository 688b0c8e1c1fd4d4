/** A strategy asked for a stop or a take-profit at what no market can come to. */
export class NotAPrice extends Error {
  override readonly name = 'NotAPrice';
  readonly code = 'NOT_A_PRICE';

  constructor(word: 'stopAt' | 'takeProfitAt', price: unknown) {
    super(`${word}(${price}) is no price above 0; it wants the price itself, not how far away that is`);
  }
}

/**
 * The price as it was asked for; `Infinity` is never reached.
 * @throws {NotAPrice} below or at 0, and for what is no number: a stop that never works must not pass for one that does
 */
export function priceWanted(word: 'stopAt' | 'takeProfitAt', price: number): number {
  if (price > 0) return price;
  throw new NotAPrice(word, price);
}
