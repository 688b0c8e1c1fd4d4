/** What was said of orders and is still on its way to the others. */
export abstract class ToldOrders {
  /** Resolves when everything that was said so far has left. @throws OrdersUntold when it does not, in a bounded time */
  abstract delivered(): Promise<void>;
}

/** Weather: the message bus does not take what was said. */
export class OrdersUntold extends Error {
  override readonly name = 'OrdersUntold';
}
