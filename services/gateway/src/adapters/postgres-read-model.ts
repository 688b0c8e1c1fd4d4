import { Injectable } from '@nestjs/common';
import { Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  BotId,
  ClientOrderId,
  countedCycle,
  type RiskScope,
  tradingStates,
  UserId,
  VenueId,
} from '@scalpstorm/model';
import { Store } from '@scalpstorm/store';
import { type AccountOwners, ownerOf } from '../domain/account-ownership.js';
import { type Listing, listingOf, type Page } from '../domain/cursor.js';
import type {
  AccountView,
  ActivityView,
  BalanceView,
  BotView,
  CycleView,
  DifferenceView,
  FillView,
  OrderEventView,
  OrderView,
  PositionView,
} from '../domain/views.js';
import {
  type ActivityFilter,
  type Comparison,
  type Holdings,
  type NextRows,
  type OpenOrder,
  type OrderFilter,
  ReadModel,
  type TradingStateView,
} from '../ports/read-model.js';

interface Row<View> {
  readonly sequence: bigint;
  readonly view: View;
}

/** An account, and what was found when it was compared; null all where it was not yet. */
interface ComparisonRow {
  readonly account_id: string;
  readonly at: string | null;
  readonly clean: boolean | null;
  readonly differences: readonly DifferenceView[] | null;
}

/** An order with more steps than this has been filled in crumbs; the fills themselves have pages. */
const orderEventsMax = 500;

/** The scope of a trading state that holds for everybody. */
const platform = '*';

/** Reads the projections. Every query names the user, so that no code path can forget to ask whose a row is. */
@Injectable()
export class PostgresReadModel extends ReadModel {
  constructor(private readonly store: Store) {
    super();
  }

  async bot(userId: UserId, botId: BotId): Promise<BotView | null> {
    const { sql } = this.store;
    const rows = await sql<Row<BotView>[]>`
      SELECT view FROM bots WHERE id = ${botId} AND user_id = ${userId} AND NOT deleted`;
    return rows[0]?.view ?? null;
  }

  async bots(userId: UserId, page: Page): Promise<Listing<BotView>> {
    const { sql } = this.store;
    const rows = await sql<Row<BotView>[]>`
      SELECT sequence, view FROM bots
      WHERE user_id = ${userId} AND NOT deleted ${this.#older(page)}
      ORDER BY sequence DESC LIMIT ${page.limit + 1}`;
    return pageOf(rows, page);
  }

  async order(userId: UserId, clientOrderId: ClientOrderId): Promise<OrderView | null> {
    const { sql } = this.store;
    const rows = await sql<Row<OrderView>[]>`
      SELECT view FROM orders WHERE client_order_id = ${clientOrderId} AND user_id = ${userId}`;
    return rows[0]?.view ?? null;
  }

  async orders(userId: UserId, filter: OrderFilter, page: Page): Promise<Listing<OrderView>> {
    const { sql } = this.store;
    const rows = await sql<Row<OrderView>[]>`
      SELECT sequence, view FROM orders
      WHERE user_id = ${userId} ${this.#ofBot(filter.bot)} ${this.#older(page)}
      ${filter.open === null ? sql`` : filter.open ? sql`AND NOT final` : sql`AND final`}
      ORDER BY sequence DESC LIMIT ${page.limit + 1}`;
    return pageOf(rows, page);
  }

  async orderEvents(userId: UserId, clientOrderId: ClientOrderId): Promise<readonly OrderEventView[]> {
    const rows = await this.store.sql<{ view: OrderEventView }[]>`
      SELECT e.view FROM order_events e JOIN orders o USING (client_order_id)
      WHERE e.client_order_id = ${clientOrderId} AND o.user_id = ${userId}
      ORDER BY e.version, e.view->>'kind' LIMIT ${orderEventsMax}`;
    return rows.map(({ view }) => view);
  }

  async activeBots(reach: RiskScope, wanted: NextRows & { readonly orHolding: boolean }) {
    const { sql } = this.store;
    const holding = wanted.orHolding ? sql`OR (view->>'held')::numeric <> 0` : sql``;
    const rows = await sql<(Row<BotView> & { user_id: string })[]>`
      SELECT sequence, user_id, view FROM bots
      WHERE NOT deleted AND (view->>'observed' <> 'stopped' ${holding}) ${this.#within(reach, 'id')} ${this.#later(wanted)}
      ORDER BY sequence LIMIT ${wanted.limit}`;
    return rows.map(({ sequence, user_id, view }) => ({
      sequence,
      botId: BotId.of(view.id),
      userId: UserId.of(user_id),
      view,
    }));
  }

  async openOrders(reach: RiskScope, wanted: NextRows): Promise<readonly OpenOrder[]> {
    const rows = await this.store.sql<Row<OrderView>[]>`
      SELECT sequence, view FROM orders
      WHERE NOT final ${this.#within(reach, 'bot_id')} ${this.#later(wanted)}
      ORDER BY sequence LIMIT ${wanted.limit}`;
    return rows.map(({ sequence, view }) => ({
      sequence,
      clientOrderId: ClientOrderId.of(view.clientOrderId),
      accountId: AccountId.of(view.account),
      botId: view.bot === null ? null : BotId.of(view.bot),
      purpose: view.purpose,
    }));
  }

  async positionsOfNoBot(reach: RiskScope): Promise<readonly PositionView[]> {
    if (reach.kind === 'bot') return [];
    const accounts = new Set(await this.accountsIn(reach));
    const rows = await this.store.sql<{ account_id: string; position: PositionView }[]>`
      SELECT account_id, position FROM accounts, jsonb_array_elements(positions) AS position
      WHERE (position->>'quantity')::numeric <> 0
        AND NOT EXISTS (SELECT FROM bots WHERE id = position->>'bot' AND NOT deleted)
      ORDER BY account_id`;
    const isMeant = ({ venue, symbol }: PositionView): boolean =>
      reach.kind !== 'instrument' || reach.id === `${venue}:${symbol}`;
    return rows
      .filter(({ account_id: id, position }) => accounts.has(AccountId.of(id)) && isMeant(position))
      .map(({ position }) => position);
  }

  async accountsIn(reach: RiskScope): Promise<readonly AccountId[]> {
    const { sql } = this.store;
    if (reach.kind === 'bot') {
      const rows = await sql<{ account: string }[]>`
        SELECT view->>'account' AS account FROM bots WHERE id = ${reach.id} AND NOT deleted`;
      return rows.map(({ account }) => AccountId.of(account));
    }
    const rows = await sql<{ account_id: string; venue: string }[]>`
      SELECT account_id, view->>'venue' AS venue FROM accounts ORDER BY account_id`;
    const owners = await this.#owners();
    const isIn = ({ account_id: id, venue }: { account_id: string; venue: string }): boolean => {
      switch (reach.kind) {
        case 'platform':
          return true;
        case 'venue':
          return venue === reach.id;
        case 'instrument':
          return reach.id.startsWith(`${venue}:`);
        case 'user':
          return ownerOf(owners, AccountId.of(id)) === reach.id;
        default:
          return id === reach.id;
      }
    };
    return rows.filter(isIn).map(({ account_id: id }) => AccountId.of(id));
  }

  async fills(userId: UserId, bot: BotId | null, page: Page): Promise<Listing<FillView>> {
    const { sql } = this.store;
    const rows = await sql<Row<FillView>[]>`
      SELECT sequence, view FROM fills
      WHERE user_id = ${userId} ${this.#ofBot(bot)} ${this.#older(page)}
      ORDER BY sequence DESC LIMIT ${page.limit + 1}`;
    return pageOf(rows, page);
  }

  async cycles(userId: UserId, bot: BotId, page: Page): Promise<Listing<CycleView>> {
    const { sql } = this.store;
    // Kept as strategy counts, shown as people do.
    const rows = await sql<(Row<CycleView> & { readonly number: number })[]>`
      SELECT sequence, view, number FROM cycles
      WHERE user_id = ${userId} AND bot_id = ${bot} ${this.#older(page)}
      ORDER BY sequence DESC LIMIT ${page.limit + 1}`;
    const counted = rows.map((row) => ({ ...row, view: { ...row.view, number: countedCycle(row.number) } }));
    return pageOf(counted, page);
  }

  async activity(userId: UserId, filter: ActivityFilter, page: Page): Promise<Listing<ActivityView>> {
    const { sql } = this.store;
    const rows = await sql<Row<ActivityView>[]>`
      SELECT sequence, view FROM activity
      WHERE (user_id = ${userId} OR user_id IS NULL) ${this.#ofBot(filter.bot)} ${this.#older(page)}
      ${filter.level === null ? sql`` : sql`AND level = ${filter.level}`}
      ORDER BY sequence DESC LIMIT ${page.limit + 1}`;
    return pageOf(rows, page);
  }

  async holdings(userId: UserId): Promise<readonly Holdings[]> {
    const owners = await this.#owners();
    const rows = await this.store.sql<{ view: AccountView; balances: BalanceView[]; positions: PositionView[] }[]>`
      SELECT view, balances, positions FROM accounts ORDER BY account_id`;
    return rows
      .filter((row) => ownerOf(owners, AccountId.of(row.view.id)) === userId)
      .map(({ view, balances, positions }) => ({ ...view, balances, positions }));
  }

  async comparisons(userId: UserId): Promise<readonly Comparison[]> {
    const owners = await this.#owners();
    const rows = await this.store.sql<ComparisonRow[]>`
      SELECT account_id, reconciliations.recorded_at::text AS at, clean, differences
      FROM accounts LEFT JOIN reconciliations USING (account_id) ORDER BY account_id`;
    return rows
      .filter((row) => ownerOf(owners, AccountId.of(row.account_id)) === userId)
      .map(({ account_id: account, at, clean, differences }) => ({
        account,
        at: at === null ? null : Timestamp.fromMicros(Number(at)),
        reconciled: clean ?? false,
        differences: differences ?? [],
      }));
  }

  async tradingState(userId: UserId): Promise<TradingStateView> {
    const rows = await this.store.sql<TradingStateView[]>`
      SELECT state, text, since FROM trading_states WHERE scope IN (${platform}, ${userId})
      ORDER BY array_position(${[...tradingStates]}::text[], state) DESC, scope = ${platform} DESC LIMIT 1`;
    return rows[0] ?? { state: 'active', text: '', since: null };
  }

  async botsAt(userId: UserId, accountId: AccountId, which: 'active' | 'any'): Promise<number> {
    const { sql } = this.store;
    const rows = await sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM bots
      WHERE user_id = ${userId} AND NOT deleted AND view->>'account' = ${accountId}
      ${which === 'any' ? sql`` : sql`AND view->>'observed' <> 'stopped'`}`;
    return rows[0]?.count ?? 0;
  }

  async ownsAccount(userId: UserId, accountId: AccountId): Promise<boolean> {
    return (await this.accountOwner(accountId)) === userId;
  }

  async accountOwner(accountId: AccountId): Promise<UserId | null> {
    return ownerOf(await this.#owners(), accountId);
  }

  async accountVenue(accountId: AccountId): Promise<VenueId | null> {
    const [row] = await this.store.sql<{ venue: string }[]>`
      SELECT view->>'venue' AS venue FROM accounts WHERE account_id = ${accountId}`;
    return row === undefined ? null : VenueId.of(row.venue);
  }

  async botOwner(botId: BotId): Promise<UserId | null> {
    const [row] = await this.store.sql<{ user_id: string }[]>`
      SELECT user_id FROM bots WHERE id = ${botId} AND NOT deleted`;
    return row === undefined ? null : UserId.of(row.user_id);
  }

  async #owners(): Promise<AccountOwners> {
    const { sql } = this.store;
    const [first, given] = await Promise.all([
      sql<{ id: string }[]>`SELECT id FROM users WHERE first`,
      sql<{ account_id: string; user_id: string }[]>`SELECT account_id, user_id FROM account_owners`,
    ]);
    return {
      firstUser: first[0] ? UserId.of(first[0].id) : null,
      given: new Map(given.map((row) => [AccountId.of(row.account_id), UserId.of(row.user_id)])),
    };
  }

  /** @param botColumn which column says of which bot a row is */
  #within(reach: RiskScope, botColumn: 'id' | 'bot_id') {
    const { sql } = this.store;
    switch (reach.kind) {
      case 'platform':
        return sql``;
      case 'user':
        return sql`AND user_id = ${reach.id}`;
      case 'bot':
        return sql`AND ${sql(botColumn)} = ${reach.id}`;
      case 'venue':
      case 'account':
        return sql`AND view->>${reach.kind} = ${reach.id}`;
      case 'instrument':
        return sql`AND (view->>'venue') || ':' || (view->>'symbol') = ${reach.id}`;
    }
  }

  #later({ after }: NextRows) {
    const { sql } = this.store;
    return after === null ? sql`` : sql`AND sequence > ${after}`;
  }

  #older(page: Page) {
    const { sql } = this.store;
    return page.before === null ? sql`` : sql`AND sequence < ${page.before}`;
  }

  #ofBot(bot: BotId | null) {
    const { sql } = this.store;
    return bot === null ? sql`` : sql`AND bot_id = ${bot}`;
  }
}

function pageOf<View>(rows: readonly Row<View>[], page: Page): Listing<View> {
  return listingOf(rows, page.limit);
}
