import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Bus, NoAnswer, SendFailed } from '@scalpstorm/bus';
import { type InstrumentsReply, instrumentsQuestion } from '@scalpstorm/contracts';
import type { BotVerb, RiskScope } from '@scalpstorm/model';
import { HaltTally, noAnswerInTime } from '../domain/halt-tally.js';
import { ProblemRaised } from '../domain/problem.js';
import { isStrayDust } from '../domain/stray-dust.js';
import type { ActiveBot, NextRows, OpenOrder, ReadModel } from '../ports/read-model.js';
import type { Bots } from './bots.js';
import type { Caller } from './caller.js';
import type { Trading } from './trading.js';

/** Whoever presses the button hears within this what was done and what was not, however many bots there are. */
const sweepMsMax = 4_000;
const pageRows = 1_000;
/** What is dust is asked of market-data; whoever halts does not wait longer for that. */
const listingMsMax = 1_500;
/** Bots being told at once, and orders being canceled at once. */
const lanes = 64;

export interface Sweep {
  readonly verb: Extract<BotVerb, 'stop' | 'flatten'>;
  readonly reach: RiskScope;
}

/**
 * Goes through all bots and open orders in scope, both at the same time: a bot cancels its own orders when it is told to stop,
 * and the cancels that go straight to execution work also while no bot answers. What closes is left to its bot: where none
 * obeys, or there is none, nothing else would close what it protects. Bounded in time and not in number; what was
 * not reached is in the tally.
 */
export class HaltSweep {
  constructor(
    private readonly readModel: ReadModel,
    private readonly bots: Bots,
    private readonly trading: Trading,
    private readonly bus: Bus,
  ) {}

  async run(caller: Caller, sweep: Sweep): Promise<HaltTally> {
    const tally = new HaltTally(sweep.verb, 3);
    const until = performance.now() + sweepMsMax;
    const run = { caller, sweep, tally, leftMs: () => until - performance.now() };
    const all = Promise.all([this.#cancelOrders(run), this.#tellBots(run), this.#findStrays(run)]);
    // What was on its way to the venue when the orders were looked up; bots that obey see to their own.
    const twice = all.then(() => this.#cancelOrders(run, true));
    await Promise.race([twice, delay(sweepMsMax, undefined, { ref: false })]);
    return tally;
  }

  async #cancelOrders(run: Run, onlyOfThoseLeft = false): Promise<void> {
    const { sweep, tally, caller } = run;
    const orders = await everyRow(run, (next) => this.readModel.openOrders(sweep.reach, next));
    if (orders.all && !onlyOfThoseLeft) tally.listed();
    const wanted = orders.rows.filter(
      (order) => order.purpose === 'open' && !(onlyOfThoseLeft && tally.obeyed(order.botId)) && tally.seeOrder(order),
    );
    await inLanes(run, wanted, (order) => this.#cancel(caller, order, tally));
  }

  async #cancel(caller: Caller, order: OpenOrder, tally: HaltTally): Promise<void> {
    try {
      await this.trading.cancelForHalt(caller, order);
      tally.asked(order.clientOrderId);
    } catch (error) {
      // It stays in the tally as one that was not canceled.
      if (!(error instanceof SendFailed)) throw error;
    }
  }

  async #tellBots(run: Run): Promise<void> {
    const { sweep, tally } = run;
    // A bot that an earlier halt has stopped may hold something yet: flattening is about that.
    const orHolding = sweep.verb === 'flatten';
    const bots = await everyRow(run, (next) => this.readModel.activeBots(sweep.reach, { ...next, orHolding }));
    for (const { view } of bots.rows) tally.seeBot(view);
    if (bots.all) tally.listed();
    await inLanes(run, bots.rows, (bot) => this.#tell(run, bot));
  }

  async #tell({ caller, sweep: { verb }, tally, leftMs }: Run, { botId, userId }: ActiveBot): Promise<void> {
    const commandId = createHash('sha256').update(`${caller.commandId}:${botId}`).digest('hex').slice(0, 32);
    const owner = { user: { ...caller.user, userId }, commandId };
    tally.asking(botId);
    try {
      await this.bots.tell(owner, { botId, verb }, Math.max(1, Math.floor(leftMs())));
      tally.told({ bot: botId, verb, code: null, text: '' });
    } catch (error) {
      tally.told({ bot: botId, verb, ...reasonOf(error) });
    }
  }

  async #findStrays({ sweep, tally, leftMs }: Run): Promise<void> {
    if (sweep.verb === 'flatten') {
      // What was ordered by hand or planned execution closes, and the proof says how far it is.
      const unowned = await this.readModel.positionsOfNoBot(sweep.reach);
      const strays = unowned.filter(({ bot }) => bot !== null);
      // All of them first: while it is not known what is dust, nothing is.
      tally.strays(strays);
      const listing = strays.length === 0 ? null : await this.#listing(leftMs());
      if (listing !== null) tally.strays(strays.filter((stray) => !isStrayDust(stray, listing)));
    }
    tally.listed();
  }

  /** Null: market-data did not answer in time. */
  async #listing(leftMs: number): Promise<InstrumentsReply | null> {
    const timeoutMs = Math.max(1, Math.min(listingMsMax, Math.floor(leftMs)));
    try {
      return await this.bus.ask(instrumentsQuestion, { instrumentId: null }, timeoutMs);
    } catch (error) {
      if (error instanceof NoAnswer) return null;
      throw error;
    }
  }
}

interface Run {
  readonly caller: Caller;
  readonly sweep: Sweep;
  readonly tally: HaltTally;
  readonly leftMs: () => number;
}

function reasonOf(error: unknown): { readonly code: string; readonly text: string } {
  if (error instanceof ProblemRaised) return { code: error.problem.code, text: error.problem.detail };
  return error instanceof NoAnswer
    ? noAnswerInTime
    : { code: 'SERVICE_UNAVAILABLE', text: 'It is not known whether the bot obeyed.' };
}

/** Page after page to the end, or until the time is up: `all` is false then. */
async function everyRow<Row extends { readonly sequence: bigint }>(
  { leftMs }: Run,
  load: (next: NextRows) => Promise<readonly Row[]>,
): Promise<{ readonly rows: readonly Row[]; readonly all: boolean }> {
  const rows: Row[] = [];
  for (let after: bigint | null = null; leftMs() > 0; after = rows.at(-1)?.sequence ?? null) {
    const page = await load({ after, limit: pageRows });
    rows.push(...page);
    if (page.length < pageRows) return { rows, all: true };
  }
  return { rows, all: false };
}

async function inLanes<Row>({ leftMs }: Run, rows: readonly Row[], work: (row: Row) => Promise<void>): Promise<void> {
  const waiting = rows.values();
  const lane = async () => {
    for (const row of waiting) {
      if (leftMs() <= 0) return;
      await work(row);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, rows.length) }, lane));
}
