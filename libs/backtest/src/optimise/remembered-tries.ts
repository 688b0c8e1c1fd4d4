import { ok } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import type { Stretch, Tried, Tries } from './tries.js';

/** What was tried before. */
export interface Memory {
  /** Undefined: nobody tried it. */
  find(stretch: Stretch, parameters: JsonObject): Tried | undefined;
  /** Hears of what it knew when it was asked for. */
  onKnown(stretch: Stretch, parameters: JsonObject, tried: Tried): void;
}

/**
 * Runs what nobody tried before. Everything comes as JSON gives it back, so that a search that was taken up comes to the same bytes as
 * one that was not.
 */
export const rememberedTries =
  (run: Tries, memory: Memory): Tries =>
  async (stretch, combinations) => {
    const known = combinations.map((parameters) => memory.find(stretch, parameters));
    const ran = await run(
      stretch,
      combinations.filter((_, index) => known[index] === undefined),
    );
    if (!ran.ok) return ran;
    const fresh = ran.value.values();
    return ok(
      known.map((tried, index) => {
        if (tried !== undefined) memory.onKnown(stretch, combinations[index] as JsonObject, tried);
        return JSON.parse(JSON.stringify(tried ?? fresh.next().value)) as Tried;
      }),
    );
  };

/** The same for the same combination over the same stretch. */
export const triedKey = ({ from, to }: Stretch, parameters: JsonObject): string =>
  `${from}-${to} ${JSON.stringify(parameters)}`;
