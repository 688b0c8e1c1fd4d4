import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleStop,
  CircleX,
  Hourglass,
  Info,
  LoaderCircle,
  type LucideIcon,
  Send,
  TrendingDown,
  TrendingUp,
} from 'lucide-react';
import { placesFor, signed, signOf } from '../domain/decimal.js';
import type { Activity, Bot, Mode, Order } from '../domain/rows.js';

const modeStyles: Readonly<Record<Mode, string>> = {
  live: 'border-live bg-live/15 text-live',
  paper: 'border-paper/60 bg-paper/10 text-paper',
  demo: 'border-demo/60 bg-demo/10 text-demo',
  backtest: 'border-edge bg-raised text-quiet',
};

export const modeWords: Readonly<Record<Mode, string>> = {
  live: 'Real money at a real venue',
  paper: 'Real prices, no real money',
  demo: 'A simulated venue, no real money',
  backtest: 'History, no real money',
};

/** Real money and play money are never mistaken: word, colour and frame. */
export function ModeMark({ mode }: { readonly mode: Mode }) {
  return (
    <span
      title={modeWords[mode]}
      className={`inline-block flex-none rounded-md border px-1.5 py-px text-[0.6875rem] font-bold tracking-wider whitespace-nowrap ${modeStyles[mode]}`}
    >
      {mode.toUpperCase()}
    </span>
  );
}

interface Look {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly tone: string;
  readonly spins?: boolean;
}

const stateLooks: Readonly<Record<Bot['observed'], Look>> = {
  starting: { label: 'Starting', icon: LoaderCircle, tone: 'text-accent', spins: true },
  running: { label: 'Running', icon: CircleDot, tone: 'text-up' },
  pausing: { label: 'Pausing', icon: LoaderCircle, tone: 'text-warn', spins: true },
  paused: { label: 'Paused', icon: CirclePause, tone: 'text-warn' },
  stopping: { label: 'Stopping', icon: LoaderCircle, tone: 'text-quiet', spins: true },
  flattening: { label: 'Flattening', icon: LoaderCircle, tone: 'text-warn', spins: true },
  stopped: { label: 'Stopped', icon: CircleStop, tone: 'text-quiet' },
  error: { label: 'Error', icon: CircleX, tone: 'text-down' },
};

export function StateMark({ state }: { readonly state: Bot['observed'] }) {
  return <Mark look={stateLooks[state]} />;
}

function Mark({ look }: { readonly look: Look }) {
  const Icon = look.icon;
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm font-semibold whitespace-nowrap ${look.tone}`}>
      <Icon aria-hidden="true" className={`size-4 ${look.spins ? 'animate-spin' : ''}`} />
      {look.label}
    </span>
  );
}

const open: Omit<Look, 'label'> = { icon: CircleDashed, tone: 'text-accent' };
const failed: Omit<Look, 'label'> = { icon: CircleX, tone: 'text-down' };
const orderLooks: Partial<Record<Order['status'], Omit<Look, 'label'>>> = {
  filled: { icon: CircleCheck, tone: 'text-up' },
  'partially-filled': { icon: CircleDot, tone: 'text-up' },
  canceled: { icon: Ban, tone: 'text-quiet' },
  expired: { icon: Ban, tone: 'text-quiet' },
  denied: failed,
  rejected: failed,
  emulated: { icon: Hourglass, tone: 'text-accent' },
  unknown: { icon: CircleAlert, tone: 'text-warn' },
};
/** Where the word of the state alone says too little. */
const orderLabels: Partial<Record<Order['status'], string>> = {
  emulated: 'Watched here',
  released: 'Trigger reached',
  triggered: 'Triggered at the venue',
};

export function OrderMark({ status }: { readonly status: Order['status'] }) {
  const label = orderLabels[status] ?? `${status.charAt(0).toUpperCase()}${status.slice(1).replaceAll('-', ' ')}`;
  return <Mark look={{ label, ...(orderLooks[status] ?? open) }} />;
}

const levelLooks: Readonly<Record<Activity['level'], Look>> = {
  INFO: { label: 'Info', icon: Info, tone: 'text-accent' },
  SUCCESS: { label: 'Success', icon: CircleCheck, tone: 'text-up' },
  WARNING: { label: 'Warning', icon: CircleAlert, tone: 'text-warn' },
  ERROR: { label: 'Error', icon: CircleX, tone: 'text-down' },
  TELEGRAM: { label: 'Telegram', icon: Send, tone: 'text-accent' },
};

export function LevelMark({ level }: { readonly level: Activity['level'] }) {
  return <Mark look={levelLooks[level]} />;
}

/** What no venue takes an order of. */
export function DustMark() {
  return (
    <span title="Too little for any order there" className="ml-1.5 text-xs text-quiet">
      dust
    </span>
  );
}

export function SideMark({ side }: { readonly side: 'buy' | 'sell' }) {
  const buys = side === 'buy';
  const Icon = buys ? TrendingUp : TrendingDown;
  return (
    <span className={`inline-flex items-center gap-1 font-semibold ${buys ? 'text-up' : 'text-down'}`}>
      <Icon aria-hidden="true" className="size-3.5" />
      {buys ? 'Buy' : 'Sell'}
    </span>
  );
}

const gainTones = { '-1': 'text-down', '0': 'text-ink', '1': 'text-up' } as const;
const gainArrows = { '-1': '▼ ', '0': '', '1': '▲ ' } as const;

interface GainProps {
  readonly amount: string;
  readonly currency: string;
  readonly className?: string;
}

/** Sign, arrow and colour say the same. */
export function Gain({ amount, currency, className = '' }: GainProps) {
  const sign = signOf(amount);
  return (
    <span className={`num live whitespace-nowrap ${gainTones[sign]} ${className}`} title={`${amount} ${currency}`}>
      <span aria-hidden="true" className="text-[0.75em]">
        {gainArrows[sign]}
      </span>
      {signed(amount, placesFor(amount))} <span className="text-[0.8em] font-medium">{currency}</span>
    </span>
  );
}
