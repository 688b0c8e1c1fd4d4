import { isWeather } from '@scalpstorm/bus';
import type { RiskCommand, TradingStateChanged } from '@scalpstorm/contracts';
import { millisecond } from '@scalpstorm/kernel';
import { BotId, RiskScope, type UserId } from '@scalpstorm/model';
import type { EndingLevel } from './checks/endings.js';
import type { Fault } from './faults/plan.js';
import { users } from './services/stage.js';
import type { World } from './world.js';

type Of<Kind extends RiskCommand['kind']> = Extract<RiskCommand, { kind: Kind }>;
type Wish = Pick<RiskCommand, 'userId'> &
  (
    | { readonly kind: 'halt' | 'release'; readonly level?: EndingLevel }
    | Pick<Of<'set'>, 'kind' | 'scope' | 'state' | 'by' | 'operator'>
    | Pick<Of<'arm'>, 'kind' | 'scope' | 'level' | 'seconds' | 'by' | 'operator'>
  );
type Halt = Extract<Fault, { kind: 'halt' | 'dead-man' }>;

const asksEvery = 700 * millisecond;
const looksEvery = 500 * millisecond;
/** The shortest that a timer runs. */
const deadManSeconds = 10;

/** An operator and users who halt and release, look after what a breaker has halted, and leave a dead-man timer to itself. */
export class People {
  private readonly halting = new Set<UserId | null>();

  constructor(private readonly world: World) {}

  start(): void {
    this.world.onState = (changed) => this.hear(changed);
  }

  perform(fault: Halt): void {
    const userId = fault.user === null ? null : (users[fault.user] ?? null);
    const level = fault.kind === 'halt' ? fault.level : 'flatten';
    if (fault.kind === 'dead-man') this.endWith(userId, 'flatten', () => this.arm(userId));
    else if (level === undefined) this.haltFor(userId, fault.lasts);
    else if (fault.kind === 'halt' && fault.afterCancel !== undefined) this.endTwice(userId, level, fault.afterCancel);
    else this.endWith(userId, level, () => this.end(userId, level));
  }

  /** Whoever ends all trading of a scope waits until nobody is about to release it, and releases nothing himself. */
  private endWith(userId: UserId | null, level: EndingLevel, act: () => void): void {
    this.world.watch.endings.want(userId, level);
    this.whenFree(userId, act);
  }

  /** One who has canceled what opens, and then wants more. */
  private endTwice(userId: UserId | null, level: EndingLevel, between: number): void {
    const { time, watch } = this.world;
    const then = () => {
      watch.endings.want(userId, level);
      this.end(userId, level);
    };
    this.endWith(userId, 'cancel', () => this.end(userId, 'cancel', () => void time.after(between, null, then)));
  }

  private haltFor(userId: UserId | null, lasts: number): void {
    // One who has not been answered yet says nothing else.
    if (this.halting.has(userId)) return;
    this.halting.add(userId);
    this.command({ kind: 'halt', userId }, () => {
      this.halted(userId);
      this.world.time.after(lasts, null, () => this.release(userId));
    });
  }

  private whenFree(userId: UserId | null, act: () => void): void {
    if (this.halting.has(userId)) {
      this.world.time.after(looksEvery, null, () => this.whenFree(userId, act));
      return;
    }
    this.halting.add(userId);
    act();
  }

  private end(userId: UserId | null, level: EndingLevel, done: () => void = () => undefined): void {
    this.command({ kind: 'halt', userId, level }, () => {
      this.halted(userId);
      this.world.watch.endings.begin(userId, level);
      done();
    });
  }

  /** Armed, and never renewed. */
  private arm(userId: UserId | null): void {
    const [by] = users;
    if (by === undefined) return;
    const scope = userId === null ? RiskScope.platform : RiskScope.user(userId);
    const timer = { scope, level: 'flatten', seconds: deadManSeconds, by: userId ?? by } as const;
    this.command({ kind: 'arm', ...timer, operator: userId === null, userId });
  }

  private halted(userId: UserId | null): void {
    this.world.tell(`halted: ${userId ?? 'everybody'}`);
    this.world.watch.verdicts.halted(userId);
  }

  private hear({ scope, state, level = 'halt' }: TradingStateChanged): void {
    if (state !== 'halted') return;
    if (scope.kind === 'bot') this.lookAfter(BotId.of(scope.id));
    // What a timer has said nobody was answered.
    const userId = users.find((user) => scope.kind === 'user' && scope.id === user) ?? null;
    if (level === 'halt' || (userId === null && scope.kind !== 'platform')) return;
    if (this.world.watch.endings.begin(userId, level)) this.halted(userId);
  }

  /** A breaker has halted a bot: a person looks at it, and lets it go on. */
  private lookAfter(botId: BotId): void {
    const { watch, time, randomness } = this.world;
    const scope = RiskScope.bot(botId);
    watch.verdicts.trips += 1;
    watch.verdicts.halted(botId);
    time.after((1_000 + randomness.work.below(6_000)) * millisecond, null, () => {
      this.world.tell(`to be released: ${botId}`);
      watch.verdicts.releasing(botId);
      const [by] = users;
      if (by !== undefined) this.command({ kind: 'set', scope, state: 'active', by, operator: true, userId: null });
    });
  }

  private release(userId: UserId | null): void {
    this.world.tell(`to be released: ${userId ?? 'everybody'}`);
    this.world.watch.verdicts.releasing(userId);
    this.command({ kind: 'release', userId }, () => void this.halting.delete(userId));
  }

  /** Asked until it is answered, as whoever halts does. */
  private command(wish: Wish, done: () => void = () => undefined): void {
    const { time } = this.world;
    const command: RiskCommand = { ...wish, commandId: `command-${time.elapsed}`, text: 'simulated' };
    let answered = false;
    const answer = (): void => {
      if (!answered) done();
      answered = true;
    };
    const ask = (): void => {
      if (answered) return;
      this.askGate(command, answer);
      time.after(asksEvery, null, ask);
    };
    ask();
  }

  private askGate(command: RiskCommand, answered: () => void): void {
    const { gate, time } = this.world;
    if (gate === null) return;
    const { process, service } = gate;
    time.after(millisecond, process, () => {
      const told = service.questions.answer(command).then(() => void time.after(millisecond, null, answered));
      told.catch((cause: unknown) => {
        // The database is away: it is asked again.
        if (!isWeather(cause)) process.die(cause);
      });
    });
  }
}
