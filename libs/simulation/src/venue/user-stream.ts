import { millisecond, type Rng } from '@scalpstorm/kernel';
import type { ExecutionListener } from '@scalpstorm/venue-api';
import type { Weather } from '../faults/weather.js';
import type { SimProcess } from '../services/sim-process.js';
import type { VirtualTime } from '../time/virtual-time.js';
import type { VenueNews } from './venue-news.js';

/** What of a connection knows whether it is connected. */
interface Connected {
  state: 'connecting' | 'connected' | 'disconnected' | 'closed';
}

interface Connection {
  readonly process: SimProcess;
  readonly venue: Connected;
  readonly listener: ExecutionListener;
  /** Heard in order, but for what the network puts out of it. */
  lastAt: number;
}

/**
 * The stream of one account. Every process that listens hears it; while it is down nothing is kept for anybody, and whoever listens is
 * told when it is back.
 */
export class UserStream {
  private connections: Connection[] = [];
  private down = false;

  constructor(
    private readonly time: VirtualTime,
    private readonly rng: Rng,
    private readonly weather: Weather,
  ) {}

  connect(process: SimProcess, venue: Connected, listener: ExecutionListener): void {
    this.connections.push({ process, venue, listener, lastAt: 0 });
  }

  tell(news: readonly VenueNews[]): void {
    this.connections = this.connections.filter(({ process }) => process.alive);
    if (this.down) return;
    for (const connection of this.connections) for (const one of news) this.carry(connection, one);
  }

  goDown(): void {
    this.down = true;
    this.everyone((listener, venue) => {
      venue.state = 'disconnected';
      listener.onDisconnected('the connection broke');
    });
  }

  comeBack(): void {
    if (!this.down) return;
    this.down = false;
    this.everyone((listener, venue) => {
      venue.state = 'connected';
      listener.onReconnected();
    });
  }

  private everyone(say: (listener: ExecutionListener, venue: Connected) => void): void {
    for (const { process, listener, venue } of this.connections) {
      this.time.after(10 * millisecond, process, () => say(listener, venue));
    }
  }

  private carry(connection: Connection, news: VenueNews): void {
    const disordered = this.weather.strikes('stream-disordered');
    const times = disordered && this.rng.below(3) === 0 ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      const usual = 5 * millisecond + this.rng.below(25 * millisecond);
      const late = disordered ? this.rng.below(1_500 * millisecond) : 0;
      const inOrder = Math.max(connection.lastAt, this.time.elapsed + usual);
      if (!disordered) connection.lastAt = inOrder;
      const at = disordered ? this.time.elapsed + usual + late : inOrder;
      this.time.after(at - this.time.elapsed, connection.process, () => hear(connection, news));
    }
  }
}

function hear({ listener, process }: Connection, news: VenueNews): void {
  if (news.kind === 'fill') {
    if (!process.reach('fill-heard')) listener.onFill(news.fill, news.order);
  } else if (news.kind === 'report') listener.onOrderReport(news.report);
  else listener.onBalances(news.balances, news.at);
}
