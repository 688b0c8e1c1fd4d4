import type { Account } from '../domain/account.js';
import type { OrderChange, VenueOrder } from '../domain/venue-order.js';
import type { TextSocket } from '../ports/text-socket.js';
import { accountPosition, executionReport } from './wire-order.js';

/** Which connections hear which account. A connection subscribes an account once. */
export class UserStreams {
  private readonly byAccount = new Map<number, Map<TextSocket, number>>();
  private lastId = -1;

  constructor(private readonly now: () => number) {}

  subscribe(account: Account, socket: TextSocket): number {
    const sockets = this.byAccount.get(account.id) ?? new Map<TextSocket, number>();
    this.byAccount.set(account.id, sockets);
    const known = sockets.get(socket);
    if (known !== undefined) return known;
    this.lastId += 1;
    sockets.set(socket, this.lastId);
    return this.lastId;
  }

  /** The ids of what a connection hears. */
  of(socket: TextSocket): readonly number[] {
    return [...this.byAccount.values()].flatMap((sockets) => sockets.get(socket) ?? []);
  }

  close(socket: TextSocket): void {
    for (const [id, sockets] of this.byAccount) {
      sockets.delete(socket);
      if (sockets.size === 0) this.byAccount.delete(id);
    }
  }

  orderChanged(account: Account, order: VenueOrder, change: OrderChange): void {
    this.tell(account, () => executionReport(order, change, this.now()));
  }

  balancesChanged(account: Account, assets: readonly string[]): void {
    this.tell(account, () => accountPosition(account, assets, this.now()));
  }

  private tell(account: Account, event: () => object): void {
    const sockets = this.byAccount.get(account.id);
    if (sockets === undefined) return;
    const text = JSON.stringify(event());
    for (const [socket, id] of sockets) socket.send(`{"subscriptionId":${id},"event":${text}}`);
  }
}
