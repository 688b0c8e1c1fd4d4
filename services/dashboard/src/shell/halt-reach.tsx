import { type HaltScope, haltOwners, haltReach, haltUnknown, within } from '../domain/halt.js';
import type { Bot, Order } from '../domain/rows.js';
import { age } from '../domain/time.js';
import { counted } from '../domain/words.js';
import { useChannel } from '../live/live-provider.js';
import { useTradable } from '../live/use-dust.js';
import { useFreshness } from '../live/use-freshness.js';
import { ModeMark } from '../ui/marks.js';

/** What a halt meets now, as far as it is one's own: of everybody else's the page is told nothing. */
export function HaltReach({ scope }: { readonly scope: HaltScope }) {
  const bots = useChannel<Bot>('bots');
  const orders = useChannel<Order>('orders');
  const accounts = useTradable();
  const { stale, silentMs } = useFreshness();
  const known = within({ bots, orders, accounts }, scope);
  const reach = haltReach(known);
  const unknown = haltUnknown(known);
  const isNothing = reach.length === 0 && unknown === '';
  const owners = haltOwners(scope, isNothing);
  if (isNothing) return <p className="text-sm text-quiet">{owners}</p>;
  return (
    <ul aria-label="What it meets now" className="flex flex-col gap-1 text-sm">
      {reach.map(({ mode, bots: active, openOrders, positions }) => (
        <li key={mode} className="num live flex flex-wrap items-center gap-x-2">
          <ModeMark mode={mode} />
          {[wordsOf(active, 'active bot'), wordsOf(openOrders, 'open order'), wordsOf(positions, 'position')]
            .filter((words) => words !== null)
            .join(' · ')}
        </li>
      ))}
      {unknown === '' ? null : <li className="text-warn">{unknown}</li>}
      {stale && silentMs !== null ? (
        <li className="text-warn">The connection is late: this is {age(silentMs)} old.</li>
      ) : null}
      {owners === '' ? null : <li className="text-quiet">{owners}</li>}
    </ul>
  );
}

const wordsOf = (amount: number | null, one: string): string | null => (amount === null ? null : counted(amount, one));
