import { expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { RiskScope, type TradingState, UserId, VenueId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { FakeClock } from '@scalpstorm/testkit';
import { MemoryStates } from '../../test/memory-states.js';
import { type ReleaseAsk, ReleaseAsks } from '../ports/release-asks.js';
import { SecondPerson } from './second-person.js';

class MemoryAsks extends ReleaseAsks {
  readonly kept: ReleaseAsk[] = [];
  async of({ scope, state, since }: Omit<ReleaseAsk, 'by' | 'askedAt'>, from: number) {
    const same = this.kept.filter((ask) => RiskScope.format(ask.scope) === RiskScope.format(scope));
    return same.filter((ask) => ask.state === state && ask.since === since && ask.askedAt >= from).toReversed();
  }
  async add(ask: ReleaseAsk) {
    this.kept.push(ask);
  }
}

const [ann, bob] = ['usr_ann', 'usr_bob'];

function scene(isNeeded = true) {
  const clock = new FakeClock();
  const states = new MemoryStates(clock);
  const asks = new MemoryAsks();
  const rule = new SecondPerson({ asks, clock, log: new RecordingLog(), isNeeded });
  const wordOf = (scope: RiskScope, state: TradingState, by: string) => ({
    ...{ scope, state, by, text: '', operator: true, ownerId: null },
  });
  const say = async (state: TradingState, by: string, scope: RiskScope = RiskScope.platform) => {
    const word = wordOf(scope, state, by);
    const refusal = await rule.objectionTo(word, states.own(scope));
    if (refusal === null) await states.set(word);
    return refusal?.code ?? states.own(scope).state;
  };
  return { clock, asks, rule, states, say, wordOf };
}

const waits = 'RELEASE_WAITS_FOR_SECOND_PERSON';

it('two people release the platform or a venue, and one of them alone does not, however often', async () => {
  for (const scope of [RiskScope.platform, RiskScope.venue(VenueId.of('sim'))]) {
    const { say, clock, asks } = scene();
    expect(await say('halted', ann, scope)).toBe('halted');
    expect(await say('active', ann, scope)).toBe(waits);
    clock.advance(100 * second);
    expect(await say('active', ann, scope)).toBe(waits);
    expect(asks.kept).toHaveLength(1);
    expect(await say('active', bob, scope)).toBe('active');
  }
});

it('the first one waits for ten minutes, by when he asked and not by when he asked again', async () => {
  const { say, clock } = scene();
  await say('halted', bob);
  await say('active', ann);
  clock.advance(599 * second);
  expect(await say('active', ann)).toBe(waits);
  clock.advance(2 * second);
  expect(await say('active', bob)).toBe(waits);
  expect(await say('active', ann)).toBe('active');
});

it('an ask is for one state, and void when something stricter or else was said since', async () => {
  const { say, clock } = scene();
  await say('halted', ann);
  await say('active', ann);
  expect(await say('reducing', bob)).toBe(waits);
  expect(await say('reducing', ann)).toBe('reducing');
  clock.advance(second);
  expect(await say('active', bob)).toBe(waits);
  await say('halted', ann);
  expect(await say('active', ann)).toBe(waits);
});

it('says who asked, and until when somebody else may', async () => {
  const { say, rule, states, wordOf, clock } = scene();
  await say('halted', ann);
  const refusal = await rule.objectionTo(wordOf(RiskScope.platform, 'active', ann), states.own(RiskScope.platform));
  expect(refusal).toMatchObject({ code: waits, text: expect.stringContaining(ann), field: '/scope' });
  expect(refusal?.next).toContain(new Date(clock.now() / 1_000 + 600_000).toISOString().slice(0, 19));
});

it('asks nobody else for what is stricter, for what is one user’s, and where the setting does not', async () => {
  const { say } = scene();
  const mine = RiskScope.user(UserId.of('usr_ann'));
  expect(await say('reducing', ann)).toBe('reducing');
  expect(await say('halted', ann)).toBe('halted');
  await say('halted', ann, mine);
  expect(await say('active', ann, mine)).toBe('active');
  const alone = scene(false);
  await alone.say('halted', ann);
  expect(await alone.say('active', ann)).toBe('active');
});
