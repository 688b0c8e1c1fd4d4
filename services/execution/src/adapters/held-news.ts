import type { ClientOrderId } from '@scalpstorm/model';
import type { ExecutionListener, VenueOrderView } from '@scalpstorm/venue-api';
import type { OrderNames } from './order-names.js';

/** More than a stream tells while an answer is on its way; what is dropped is read again by reconciliation. */
const heldMax = 512;

interface News {
  readonly order: VenueOrderView;
  tell(clientOrderId: ClientOrderId | null): void;
}

/**
 * What the stream of a venue without our ids tells, with our ids. News of an order that may be one of ours whose answer is still awaited,
 * or in doubt, are held until that is known.
 */
export class HeldNews {
  private held: readonly News[] = [];
  private onLost: () => void = () => undefined;

  constructor(private readonly names: OrderNames) {}

  listener(listener: ExecutionListener): ExecutionListener {
    this.onLost = () => listener.onReconnected();
    return {
      ...listener,
      onOrderReport: (report) =>
        this.hear({
          order: report.order,
          tell: (id) => listener.onOrderReport(id === null ? report : { ...report, order: withId(report.order, id) }),
        }),
      onFill: (fill, order) =>
        this.hear({
          order,
          tell: (id) =>
            id === null
              ? listener.onFill(fill, order)
              : listener.onFill({ ...fill, clientOrderId: id }, withId(order, id)),
        }),
    };
  }

  /** Something was learnt of who is who. */
  review(): void {
    const { held } = this;
    this.held = [];
    for (const news of held) this.hear(news);
  }

  private hear(news: News): void {
    const known = this.names.known(news.order);
    if (known !== null) news.tell(known);
    else if (this.names.resembles(news.order).length > 0) this.hold(news);
    else this.ask(news);
  }

  /** An order that is over, perhaps, which only the database remembers. Where it does not answer, what was missed is compared. */
  private ask(news: News): void {
    const told = (id: ClientOrderId | null): void => news.tell(id);
    this.names.find(news.order).then(told, () => this.onLost());
  }

  private hold(news: News): void {
    this.held = [...this.held, news].slice(-heldMax);
  }
}

const withId = (order: VenueOrderView, clientOrderId: ClientOrderId): VenueOrderView => ({ ...order, clientOrderId });
