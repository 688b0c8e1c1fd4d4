import type { JsonObject } from '@scalpstorm/model';
import type { BarStrategy } from '@scalpstorm/strategies';
import { indicesAt, parametersAt, type Space } from './space.js';

/** So many places are asked for the longest warm-up. */
const askedForReach = 2_000;

/** A space and what the strategy says of its places. Where it refuses a combination there is no trial. */
export class Ground {
  /** By place; null: refused. */
  private readonly known = new Map<number, JsonObject | null>();
  /** Places that were looked at and refused. */
  refused = 0;

  constructor(
    readonly space: Space,
    private readonly strategy: BarStrategy,
  ) {}

  /** With every default filled in, in the order in which they are declared; null: the strategy refuses this combination. */
  at(place: number): JsonObject | null {
    const known = this.known.get(place);
    if (known !== undefined) return known;
    const configured = this.strategy.configure(parametersAt(this.space, indicesAt(this.space, place)));
    const parameters = configured.ok ? configured.value.parameters : null;
    this.known.set(place, parameters);
    if (parameters === null) this.refused += 1;
    return parameters;
  }

  /** The longest warm-up, as far as evenly spread places tell: how far back a decision looks. */
  reach(): number {
    const { space, strategy } = this;
    const stride = Math.max(1, Math.floor(space.size / askedForReach));
    let longest = 0;
    for (let place = space.size - 1; place >= 0; place -= stride) {
      const configured = strategy.configure(parametersAt(space, indicesAt(space, place)));
      if (configured.ok) longest = Math.max(longest, configured.value.warmUp);
    }
    return longest;
  }
}
