import type { JsonObject } from '@scalpstorm/model';
import type { Strategy } from '@scalpstorm/strategies';

/** Worth of an order, in what prices are quoted in. */
const orderWorth = 100;
/** Of a range of prices about the first one. */
const range = 0.02;
const digits = 6;

type Choice = (price: number) => JsonObject;

/** What has no default, by strategy: sizes, and prices about the first one of the data. */
const choices: Readonly<Record<string, Choice>> = {
  'scalping-cycle': (price) => ({
    quantity: quantityAt(price),
    buyPrice: { offset: '-10', unit: 'bps', from: 'last' },
    sellPrice: { offset: '20', unit: 'bps', from: 'entry' },
  }),
  grid: (price) => ({
    lower: rounded(price * (1 - range)),
    upper: rounded(price * (1 + range)),
    quantity: quantityAt(price),
  }),
};
const sizeAlone: Choice = (price) => ({ quantity: quantityAt(price) });

/** What a strategy that places orders needs to be looked at and was not told; empty: nothing. */
export function chosenParameters({ id, schema }: Strategy, given: JsonObject, price: number): JsonObject {
  const needed = (schema['required'] ?? []) as readonly string[];
  const chosen = (choices[id] ?? sizeAlone)(price);
  const missing = needed.filter((name) => !(name in given) && name in chosen);
  return Object.fromEntries(missing.map((name) => [name, chosen[name] ?? null]));
}

const quantityAt = (price: number): string => rounded(orderWorth / price);

/** To so many digits, as a plain decimal. */
function rounded(value: number): string {
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(value)));
  return value
    .toFixed(Math.min(decimals, 8))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}
