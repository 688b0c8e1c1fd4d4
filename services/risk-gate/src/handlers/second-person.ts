import type { Refusal, ScopeState } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { isStricter, RiskScope } from '@scalpstorm/model';
import type { Log, WallClock } from '@scalpstorm/observability';
import type { StateWord } from '../domain/state-words.js';
import { type ReleaseAsk, type ReleaseAsks, ReleaseRule } from '../ports/release-asks.js';

/** So long the first one waits for the second. */
export const releaseAskLife = 600 * second;

export interface SecondPersonParts {
  readonly asks: ReleaseAsks;
  readonly clock: WallClock;
  readonly log: Log;
  readonly isNeeded: boolean;
}

/**
 * Where the setting asks for it, what makes the platform or a venue milder is said by two people within ten minutes. Whoever asks first is
 * told so and nothing changes; the same person again renews nothing; another one completes it. A new word of the scope voids the ask.
 */
export class SecondPerson extends ReleaseRule {
  constructor(private readonly parts: SecondPersonParts) {
    super();
  }

  async objectionTo(word: StateWord, before: ScopeState): Promise<Refusal | null> {
    const { asks, clock, log, isNeeded } = this.parts;
    const { scope, state, by } = word;
    const isEverybodys = scope.kind === 'platform' || scope.kind === 'venue';
    if (!isNeeded || !isEverybodys || before.since === null || !isStricter(before.state, state)) return null;
    const now = clock.now();
    const wanted = { scope, state, since: before.since };
    const fresh = await asks.of(wanted, Timestamp.plus(now, -releaseAskLife));
    const others = fresh.find((ask) => ask.by !== by);
    const about = { scope: RiskScope.format(scope), state, by };
    if (others !== undefined) {
      log.warn({ ...about, askedBy: others.by }, 'a release is said by two people');
      return null;
    }
    const [own] = fresh;
    if (own !== undefined) return waits(own, 'asking again renews nothing');
    const ask = { ...wanted, by, askedAt: now };
    await asks.add(ask);
    log.warn(about, 'a release waits for a second person');
    return waits(ask, 'nothing has changed yet');
  }
}

function waits({ scope, by, askedAt }: ReleaseAsk, words: string): Refusal {
  const until = Timestamp.toIso(Timestamp.plus(askedAt, releaseAskLife));
  return {
    code: 'RELEASE_WAITS_FOR_SECOND_PERSON',
    field: '/scope',
    text: `${RiskScope.format(scope)} is released by two people: ${by} asked at ${Timestamp.toIso(askedAt)}, and ${words}.`,
    allowed: 'another person of role risk or admin',
    next: `Let another person of role risk or admin release it, too, before ${until}.`,
  };
}
