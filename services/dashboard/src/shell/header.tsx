import { CircleDot, Clock, Eye, LoaderCircle, OctagonX, WifiOff } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useMay } from '../api/lists.js';
import { type Bot, type Holdings, modes, type TradingStateRow } from '../domain/rows.js';
import { fineAge } from '../domain/time.js';
import { useChannel, useLive } from '../live/live-provider.js';
import { useFreshness } from '../live/use-freshness.js';
import { ModeMark } from '../ui/marks.js';
import { Brand } from './brand.js';
import { HaltDialog } from './halt-dialog.js';

/** Whether what one sees is true, which money it is about, and the brake. */
export function Header() {
  return (
    <header className="sticky top-0 z-20 flex h-14 items-center gap-2.5 border-b border-line bg-canvas px-3 md:px-6">
      <div className="flex-none md:hidden">
        <Brand spare />
      </div>
      <div className="hidden items-center gap-3 sm:flex">
        <ModesInUse />
        <ViewOnly />
      </div>
      <div className="flex min-w-0 flex-1 justify-end">
        <ConnectionPill />
      </div>
      <HaltButton />
    </header>
  );
}

function ModesInUse() {
  const bots = useChannel<Bot>('bots');
  const accounts = useChannel<Holdings>('accounts');
  const used = new Set([...(bots ?? []), ...(accounts ?? [])].map(({ mode }) => mode));
  return (
    <ul className="flex gap-1.5" aria-label="Modes in use">
      {modes
        .filter((mode) => used.has(mode))
        .map((mode) => (
          <li key={mode} className="flex">
            <ModeMark mode={mode} />
          </li>
        ))}
    </ul>
  );
}

/** A viewer should not look for buttons that are not there. */
function ViewOnly() {
  const mayTrade = useMay('trader');
  const mayHalt = useMay('brake');
  if (mayTrade) return null;
  return (
    <span className="inline-flex items-center gap-1.5 text-sm font-semibold text-quiet">
      <Eye aria-hidden="true" className="size-4" /> {mayHalt ? 'View and halt' : 'View only'}
    </span>
  );
}

/** Live, late or lost: a sign, a word and the age of the newest data. Live is said only of data that is. */
function ConnectionPill() {
  const { connection } = useLive();
  const { status, dataMs, silentMs, stale, pricesLate } = useFreshness();
  useEffect(() => {
    document.documentElement.dataset['stale'] = String(stale);
  }, [stale]);
  // The line may be silent for longer than the newest price is old, and the other way round.
  const oldMs = silentMs === null ? null : Math.max(silentMs, dataMs ?? 0);
  const old = oldMs === null ? '' : fineAge(oldMs);
  if (status === 'live') {
    const late = stale || pricesLate;
    const tone = late ? 'border-warn/60 text-warn' : 'border-up/50 text-up';
    const Sign = late ? Clock : CircleDot;
    return (
      <Pill tone={tone} icon={<Sign aria-hidden="true" className="size-3.5" />}>
        {stale ? `Late · ${old} old` : pricesLate ? `Prices ${old} old` : 'Live'}
        {late || dataMs === null ? '' : <span className="num font-medium"> · {fineAge(dataMs)}</span>}
      </Pill>
    );
  }
  if (status === 'connecting') {
    return (
      <Pill tone="border-line text-quiet" icon={<LoaderCircle aria-hidden="true" className="size-3.5 animate-spin" />}>
        Connecting
      </Pill>
    );
  }
  return (
    <button type="button" className="min-w-0" onClick={connection.reconnect} title="Connect now">
      <Pill tone="border-warn/60 text-warn" icon={<WifiOff aria-hidden="true" className="size-3.5" />}>
        Reconnecting
        {old === '' ? null : (
          <>
            {' · '}
            <span className="max-sm:hidden">data </span>
            {old} old
          </>
        )}
      </Pill>
    </button>
  );
}

interface PillProps {
  readonly tone: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}

function Pill({ tone, icon, children }: PillProps) {
  return (
    <span
      data-testid="connection"
      className={`inline-flex max-w-full items-center gap-1.5 rounded-full border px-2.5 py-1 text-xs font-semibold whitespace-nowrap *:[svg]:flex-none ${tone}`}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}

/** On every screen, at any width. It stays usable while halted: a stronger level may follow. */
function HaltButton() {
  const [open, setOpen] = useState(false);
  const halted = useChannel<TradingStateRow>('state')?.[0]?.state === 'halted';
  return (
    <>
      <button type="button" className="button danger px-3.5 tracking-wide" onClick={() => setOpen(true)}>
        <OctagonX aria-hidden="true" className="size-4" />
        {halted ? 'HALTED' : 'HALT'}
      </button>
      {open ? <HaltDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}
