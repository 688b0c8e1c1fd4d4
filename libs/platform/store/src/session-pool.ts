import { StoreBusy } from './errors.js';
import { Session, type SessionSettings } from './session.js';

const waitersMax = 1_000;
const waitMs = 10_000;

interface Waiter {
  take(session: Session): void;
  fail(error: Error): void;
}

/** A bounded number of sessions, opened when they are first needed and reused while they live. */
export class SessionPool {
  private readonly idle: Session[] = [];
  private readonly busy = new Set<Session>();
  private readonly waiters: Waiter[] = [];
  private opening = 0;
  private closed = false;
  private emptied: () => void = () => undefined;

  constructor(
    private readonly settings: SessionSettings,
    readonly sessionsMax: number,
  ) {}

  get use(): { readonly busy: number; readonly idle: number; readonly waiting: number } {
    return { busy: this.busy.size + this.opening, idle: this.idle.length, waiting: this.waiters.length };
  }

  /** Lends a session for the work; a session that died meanwhile is not taken back. */
  async with<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.acquire();
    try {
      return await work(session);
    } finally {
      this.release(session);
    }
  }

  /** Nothing begins any more. What is under way may end; what has not by then is cut off, and the server rolls it back. */
  async close(withinMs: number): Promise<void> {
    this.closed = true;
    for (const waiter of this.waiters.splice(0)) waiter.fail(new StoreBusy('the store is closing'));
    for (const session of this.idle.splice(0)) session.close();
    if (this.busy.size + this.opening === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    this.emptied = resolve;
    await promise;
    clearTimeout(timer);
    for (const session of this.busy) session.discard();
  }

  private async acquire(): Promise<Session> {
    if (this.closed) throw new StoreBusy('the store is closed');
    for (let session = this.idle.pop(); session !== undefined; session = this.idle.pop()) {
      if (!session.isAlive) continue;
      this.busy.add(session);
      return session;
    }
    if (this.busy.size + this.opening < this.sessionsMax) return this.open();
    return this.wait();
  }

  private async open(): Promise<Session> {
    this.opening += 1;
    try {
      const session = await Session.open(this.settings);
      this.busy.add(session);
      return session;
    } catch (error) {
      this.opening -= 1;
      this.serveNext();
      this.opening += 1;
      throw error;
    } finally {
      this.opening -= 1;
    }
  }

  private wait(): Promise<Session> {
    if (this.waiters.length >= waitersMax) {
      return Promise.reject(new StoreBusy(`${waitersMax} transactions are waiting for a connection`));
    }
    return new Promise<Session>((resolve, reject) => {
      const waiter: Waiter = {
        take: (session) => {
          clearTimeout(timer);
          resolve(session);
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        reject(new StoreBusy(`no connection became free within ${waitMs} ms`));
      }, waitMs);
      this.waiters.push(waiter);
    });
  }

  private release(session: Session): void {
    this.busy.delete(session);
    if (session.isAlive && !this.closed) {
      const waiter = this.waiters.shift();
      if (waiter === undefined) {
        this.idle.push(session);
      } else {
        this.busy.add(session);
        waiter.take(session);
      }
      return;
    }
    if (this.closed) session.close();
    if (this.closed && this.busy.size + this.opening === 0) this.emptied();
    this.serveNext();
  }

  /** A place became free without a session to hand on: the first waiter opens its own. */
  private serveNext(): void {
    const waiter = this.waiters.shift();
    if (waiter === undefined) return;
    this.open().then(
      (session) => waiter.take(session),
      (error: Error) => waiter.fail(error),
    );
  }
}
