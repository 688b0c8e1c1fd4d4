import type { StatementSync } from 'node:sqlite';
import type { Account } from '../domain/account.js';
import { intervals } from '../domain/candle-series.js';
import type { Changes } from '../domain/changes.js';
import { Journal, type SavedState, StateError } from '../domain/journal.js';
import type { Market } from '../domain/market.js';
import { writtenIntervals } from '../domain/market-candles.js';
import type { VenueFill, VenueOrder } from '../domain/venue-order.js';
import { candleRow, loadCandles } from './sqlite-candles.js';
import { loadState, secretDigest } from './sqlite-rows.js';
import { openStateDirectory, type StateDirectory } from './state-directory.js';

const statements = {
  begin: 'BEGIN',
  commit: 'COMMIT',
  account: 'INSERT INTO account (id, api_key, secret_digest) VALUES (?, ?, ?)',
  balance: `INSERT INTO balance (account, asset, free, locked) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET free = excluded.free, locked = excluded.locked`,
  market: `INSERT INTO market (symbol, tick_units, lot_units, last_price, trade_id_max) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET tick_units = excluded.tick_units, lot_units = excluded.lot_units,
      last_price = excluded.last_price, trade_id_max = excluded.trade_id_max`,
  beginning: `INSERT INTO beginning (symbol, time, price, seed) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET time = excluded.time, price = excluded.price, seed = excluded.seed
      WHERE time <> excluded.time`,
  candle: `INSERT OR REPLACE INTO candle (symbol, length, open_time, open, high, low, close, volume, quote_volume,
      taker_buy_volume, taker_buy_quote, trades, first_trade_id, last_trade_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  forgetCandles: 'DELETE FROM candle WHERE symbol = ?',
  forgetEarlierCandles: 'DELETE FROM candle WHERE symbol = ? AND length = ? AND open_time < ?',
  forgetLaterCandles: 'DELETE FROM candle WHERE symbol = ? AND length = ? AND open_time > ?',
  order: `INSERT INTO venue_order (id, account, symbol, client_order_id, side, type, time_in_force, price, quantity,
      quote_quantity, stop_price, trailing_delta, self_trade_prevention, created_at, updated_at, working_at, priority,
      lock_price, tracked_price, tracked_at, status, executed, executed_quote)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET updated_at = excluded.updated_at, working_at = excluded.working_at,
      priority = excluded.priority, lock_price = excluded.lock_price, tracked_price = excluded.tracked_price,
      tracked_at = excluded.tracked_at, status = excluded.status, executed = excluded.executed,
      executed_quote = excluded.executed_quote`,
  fill: `INSERT INTO fill (order_id, trade_id, price, quantity, quote, commission, commission_asset, is_maker, time)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  forgetOrder: 'DELETE FROM venue_order WHERE id = ?',
  forgetFillsOf: 'DELETE FROM fill WHERE order_id = ?',
  forgetFill: 'DELETE FROM fill WHERE order_id = ? AND trade_id = ?',
} as const;

/** The exchange's state in a directory, one transaction a batch of changes. */
export class SqliteJournal extends Journal {
  private readonly run: Readonly<Record<keyof typeof statements, StatementSync>>;

  private constructor(
    private readonly path: string,
    private readonly directory: StateDirectory,
  ) {
    super();
    const prepare = (sql: string): StatementSync => directory.database.prepare(sql);
    this.run = Object.fromEntries(Object.entries(statements).map(([name, sql]) => [name, prepare(sql)])) as Record<
      keyof typeof statements,
      StatementSync
    >;
  }

  /** Opens or makes the state; throws {@link StateError} when it is in use, damaged or of another version. */
  static open(path: string, options: { readonly reset: boolean }): { journal: SqliteJournal; saved: SavedState } {
    const directory = openStateDirectory(path, options);
    try {
      const journal = new SqliteJournal(path, directory);
      const { database } = directory;
      const candlesOf = (wireSymbol: string) => loadCandles(database, path, wireSymbol);
      return { journal, saved: { ...loadState(database, path), candlesOf } };
    } catch (error) {
      directory.close();
      throw error;
    }
  }

  close(): void {
    this.directory.close();
  }

  write(changes: Changes): void {
    const { run } = this;
    try {
      run.begin.run();
      for (const { id, credentials } of changes.openedAccounts)
        run.account.run(id, credentials.apiKey, secretDigest(credentials));
      for (const [account, assets] of changes.balances) this.writeBalances(account, assets);
      for (const market of changes.markets) this.writeMarket(market);
      for (const market of changes.candles) this.writeCandles(market);
      for (const order of changes.orders) this.writeOrder(order);
      for (const fill of changes.fills) this.writeFill(fill);
      for (const { order, tradeId } of changes.forgottenFills) run.forgetFill.run(order.id, tradeId);
      for (const { id } of changes.forgottenOrders) {
        run.forgetFillsOf.run(id);
        run.forgetOrder.run(id);
      }
      run.commit.run();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const text = `--state ${this.path} cannot be written (${why}); nothing that was not written was told. Make room or rights, and start again`;
      throw new StateError('SIM_STATE_WRITE_FAILED', text, { cause: error });
    }
  }

  private writeBalances(account: Account, assets: ReadonlySet<string>): void {
    for (const asset of assets) {
      const { free, locked } = account.balance(asset);
      this.run.balance.run(account.id, asset, String(free), String(locked));
    }
  }

  private writeMarket({ spec, lastPrice, tradeIdMax }: Market): void {
    this.run.market.run(spec.wireSymbol, spec.tickUnits, spec.lotUnits, lastPrice, tradeIdMax);
  }

  private writeCandles({ spec: { wireSymbol }, beginning, candles }: Market): void {
    if (beginning === null) return;
    const { run } = this;
    const begun = run.beginning.run(wireSymbol, beginning.time, beginning.price, beginning.seed);
    // Those of another beginning are of another market of the same name.
    if (begun.changes > 0) run.forgetCandles.run(wireSymbol);
    for (const interval of writtenIntervals) {
      const length = intervals[interval];
      const unwritten = candles.takeUnwritten(interval);
      for (const candle of unwritten) run.candle.run(wireSymbol, length, ...candleRow(candle));
      run.forgetEarlierCandles.run(wireSymbol, length, candles.oldestWritten(interval));
      const newest = unwritten.at(-1);
      if (newest !== undefined) run.forgetLaterCandles.run(wireSymbol, length, newest.openTime);
    }
  }

  private writeOrder(order: VenueOrder): void {
    const { id, accountId, market, clientOrderId, side, type, timeInForce, price, quantity } = order;
    const { stopPrice, trailingDelta, selfTradePrevention, createdAt, updatedAt, workingAt, priority } = order;
    const { lockPrice, trackedPrice, trackedAt, status, executed } = order;
    this.run.order.run(
      ...[id, accountId, market.spec.wireSymbol, clientOrderId, side, type, timeInForce, price, quantity],
      ...[String(order.quoteQuantity), stopPrice, trailingDelta, selfTradePrevention, createdAt, updatedAt, workingAt],
      ...[priority, lockPrice, trackedPrice, trackedAt, status, executed, String(order.executedQuote)],
    );
  }

  private writeFill(fill: VenueFill): void {
    const { order, tradeId, price, quantity, quote, commission, commissionAsset, isMaker, time } = fill;
    this.run.fill.run(
      ...[order.id, tradeId, price, quantity, String(quote), String(commission), commissionAsset],
      ...[isMaker ? 1 : 0, time],
    );
  }
}
