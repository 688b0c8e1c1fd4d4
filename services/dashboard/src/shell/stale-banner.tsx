import { Clock, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { age } from '../domain/time.js';
import { useLive } from '../live/live-provider.js';
import { useFreshness } from '../live/use-freshness.js';

/** A connection that is back at once is not worth a banner. */
const patienceMs = 2_000;

/** Says that what is shown is old, how old, and that it comes back by itself. */
export function StaleBanner() {
  const { connection } = useLive();
  const { status, dataMs, silentMs, stale, pricesLate } = useFreshness();
  if (pricesLate && dataMs !== null) {
    return (
      <Banner icon={<Clock aria-hidden="true" className="size-5 flex-none text-warn" />}>
        <strong role="alert">No new prices.</strong> The newest is{' '}
        <span className="num font-semibold">{age(dataMs)}</span> old; what is valued at it is grey. Bots, orders and
        balances are still told as they change.
      </Banner>
    );
  }
  if (!stale || silentMs === null || silentMs < patienceMs) return null;
  return (
    <Banner
      icon={<WifiOff aria-hidden="true" className="size-5 flex-none text-warn" />}
      action={
        <button type="button" className="button small" onClick={connection.reconnect}>
          Connect now
        </button>
      }
    >
      <strong role="alert">{status === 'live' ? 'The gateway is silent.' : 'The connection is lost.'}</strong> What you
      see is <span className="num font-semibold">{age(silentMs)}</span> old. It is tried again by itself; bots go on
      without this page.
    </Banner>
  );
}

interface BannerProps {
  readonly icon: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

function Banner({ icon, action = null, children }: BannerProps) {
  return (
    <aside
      aria-label="Connection"
      data-testid="stale"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-warn/60 bg-notice px-3 py-2.5 md:px-6"
    >
      {icon}
      <p className="min-w-0 flex-1 basis-60 text-sm">{children}</p>
      {action}
    </aside>
  );
}
