import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { journalQuestion } from '@scalpstorm/contracts';
import { type BotId, ClientOrderId, type JsonObject, type Leg, Price, UserId } from '@scalpstorm/model';
import { type JournalRow, replayJournal, strategies } from '@scalpstorm/strategies';
import { anInstrument, aQuote, describeWithServers, eventually } from '@scalpstorm/testkit';
import { botOf, configOf, owner, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const parameters = { lower: '48000', upper: '52000', levels: 5, spacing: 'arithmetic', quantity: '0.01' };
const id = (botId: BotId, cycle: number, leg: Leg = 'entry') =>
  ClientOrderId.forSlot({ botId, cycle, leg, attempt: 0 });

describeWithServers('the journal of a bot', (servers) => {
  let world: StrategyWorld;
  let venue: VenueOrders;
  let timer: NodeJS.Timeout;

  const open = async (settings: Readonly<Record<string, string>> = {}) => {
    world = await StrategyWorld.open(servers, settings);
    venue = new VenueOrders((order, event) => world.others.tell(order, event));
    await world.startService();
  };

  beforeEach(() => {
    timer = setInterval(() => {
      const prices = { bidPrice: Price.of('50499'), askPrice: Price.of('50500') };
      world?.others.quote(aQuote({ instrumentId: anInstrument().id, ...prices, occurredAt: world.others.now() }));
    }, 50);
  });

  afterEach(async () => {
    clearInterval(timer);
    await world?.close();
  });

  async function journalOf(botId: BotId, userId = owner): Promise<readonly JournalRow[]> {
    const rows: JournalRow[] = [];
    for (let hasMore = true; hasMore; ) {
      const after = rows.at(-1)?.number ?? 0;
      const page = await world.others.bus('gateway').ask(journalQuestion, { userId, botId, after, limit: 5 }, 10_000);
      rows.push(...page.rows.map(({ number, entry }) => ({ number, entry: JSON.parse(entry) as JsonObject })));
      hasMore = page.hasMore;
    }
    return rows;
  }

  async function buysAndRests(botId: BotId, cycle: number): Promise<void> {
    const entry = await world.others.requested(id(botId, cycle));
    await venue.accept(entry);
    await venue.fill(entry);
    await venue.accept(await world.others.requested(id(botId, cycle, 'exit')));
    await world.settled();
  }

  const placedIn = (rows: readonly JournalRow[]) =>
    rows
      .flatMap(({ entry }) => (entry['did'] as readonly JsonObject[] | undefined) ?? [])
      .flatMap((did) => (did['kind'] === 'place' ? [did['id']] : []));

  it('has every order that it asked for, and replays equal over a restart and an edit', async () => {
    await open();
    const { id: botId } = await world.started(configOf({ strategy: 'grid', parameters }));
    await buysAndRests(botId, 2);
    await world.restartService();
    await eventually(async () => expect((await world.seen(botId))?.observed).toBe('running'));
    await buysAndRests(botId, 1);
    const edited = { ...parameters, quantity: '0.02' };
    const edit = { kind: 'edit', commandId: world.commandId(), userId: owner, botId, name: null } as const;
    botOf(await world.ask({ ...edit, parameters: edited }));
    botOf(await world.verb(botId, 'stop'));
    await world.settled();

    // Execution hears of an order a moment after it was written down that it is asked for.
    const rows = await eventually(async () => {
      const kept = await journalOf(botId);
      expect(new Set(placedIn(kept))).toEqual(new Set(world.others.requestedIds()));
      return kept;
    });
    const replayed = replayJournal(rows, strategies);
    expect(replayed).toMatchObject({ difference: null, gaps: [], starts: 2, edits: 1 });
    expect(replayed.orders).toBeGreaterThanOrEqual(6);
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, place) => place + 1));
    expect(await journalOf(botId, UserId.of('somebody-else'))).toEqual([]);
  });

  it('is not kept where nobody wants it', async () => {
    await open({ BOT_JOURNAL: 'off' });
    const { id: botId } = await world.started(configOf({ strategy: 'grid', parameters }));
    await buysAndRests(botId, 2);
    expect(await journalOf(botId)).toEqual([]);
  });

  it('has a gap that it tells where it could not be written, and the bot goes on', async () => {
    await open();
    const { id: botId } = await world.started(configOf({ strategy: 'grid', parameters }));
    await buysAndRests(botId, 2);
    await world.sql`alter table journal rename to journal_away`;
    await buysAndRests(botId, 1);
    await world.sql`alter table journal_away rename to journal`;
    botOf(await world.verb(botId, 'stop'));
    const replayed = replayJournal(await journalOf(botId), strategies);
    expect(replayed).toMatchObject({ difference: null, gaps: [{ text: 'steps before it could not be kept' }] });
    expect(world.log.lines.map(({ text }) => text)).toContain('the journal of a bot can not be written; it has a gap');
  });
});
