import { ArrowDownToLine, type LucideIcon, Pause, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../api/lists.js';
import { command } from '../api/session.js';
import { type Verb, type VerbInfo, verbs, verbsFor } from '../domain/bot-actions.js';
import { shown, signOf } from '../domain/decimal.js';
import type { Bot } from '../domain/rows.js';
import { useDust } from '../live/use-dust.js';
import { Confirm } from './confirm.js';
import { ModeMark } from './marks.js';
import { toastDone, toastRefused } from './toast.js';

const icons: Readonly<Record<Verb, LucideIcon>> = {
  start: Play,
  pause: Pause,
  resume: Play,
  stop: Square,
  flatten: ArrowDownToLine,
};

interface BotVerbsProps {
  readonly bot: Bot;
  /** Signs alone, for a row of a table; the words are still told to who listens or points. */
  readonly compact?: boolean;
}

/** What may be done with a bot now. What costs money or leaves a position alone is asked for twice, naming the bot. */
export function BotVerbs({ bot, compact = false }: BotVerbsProps) {
  const [busy, setBusy] = useState<Verb | null>(null);
  const [asking, setAsking] = useState<VerbInfo | null>(null);
  const mayTrade = useMay('trader');
  const isDust = useDust()({ ...bot, quantity: bot.held });
  const tell = async (verb: Verb) => {
    setBusy(verb);
    try {
      await command('POST', `/v1/bots/${bot.id}/${verb}`);
      toastDone(`${bot.name}: ${verbs[verb].label.toLowerCase()}`, verbs[verb].consequence);
    } finally {
      setBusy(null);
    }
  };
  if (!mayTrade) return null;
  return (
    <div className={`flex gap-1.5 ${compact ? '' : 'flex-wrap'}`}>
      {verbsFor(bot, isDust).map((verb) => {
        const info = verbs[verb];
        const Icon = icons[verb];
        const tone = verb === 'flatten' ? 'warned' : verb === 'start' || verb === 'resume' ? 'primary' : '';
        return (
          <button
            key={verb}
            type="button"
            className={`button small ${tone} ${compact ? 'square' : ''}`}
            title={`${info.label}: ${info.consequence}`}
            aria-label={`${info.label} ${bot.name}`}
            disabled={busy !== null}
            onClick={() => {
              if (info.confirmed) setAsking(info);
              else tell(verb).catch(toastRefused);
            }}
          >
            <Icon aria-hidden="true" className="size-4" />
            {compact ? null : info.label}
          </button>
        );
      })}
      {asking === null ? null : (
        <Confirm
          title={`${asking.label} ${bot.name}?`}
          confirm={`${asking.label} ${bot.name}`}
          danger
          onClose={() => setAsking(null)}
          onConfirm={() => tell(asking.verb)}
        >
          <p className="mb-2 flex items-center gap-2">
            <ModeMark mode={bot.mode} /> {bot.symbol} on {bot.venue}
            {signOf(bot.held) === 0 ? ', holds nothing' : `, holds ${shown(bot.held)} ${bot.symbol.split('-')[0]}`}
          </p>
          <p>{asking.consequence}</p>
        </Confirm>
      )}
    </div>
  );
}
