import type { RemainingItem } from '../domain/halt-remains.js';
import { useBotNames } from '../live/use-names.js';

const kinds: Readonly<Record<RemainingItem['kind'], string>> = { bot: 'Bot', order: 'Order', position: 'Position' };

/** What a halt has left: each thing with its reason and the next step. */
export function RemainingItems({ items }: { readonly items: readonly RemainingItem[] }) {
  const names = useBotNames();
  return (
    <ul
      aria-label="What stays"
      className="mt-3 flex flex-col divide-y divide-line rounded-xl border border-line text-sm"
    >
      {items.map(({ kind, id, bot, code, text, next }) => (
        <li key={`${kind}/${id}/${bot}`} className="px-3 py-2.5">
          <p className="font-semibold break-words">
            <span className="text-down">✕</span> {kinds[kind]}{' '}
            {kind === 'bot' ? '' : <span className="num font-normal">{id.split(':').slice(1).join(' ') || id}</span>}
            {bot === null ? ' of no bot' : `${kind === 'bot' ? '' : ' of '}${names.get(bot) ?? bot}`}
          </p>
          <p className="text-quiet break-words">{text}</p>
          <p className="break-words">
            {next} <code className="text-xs text-quiet">{code}</code>
          </p>
        </li>
      ))}
    </ul>
  );
}
