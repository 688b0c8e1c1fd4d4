import type { HaltSwept, LeftByHalt, SweepLevel } from '@scalpstorm/contracts';
import type { Bot } from '@scalpstorm/model';

const linesMax = 30;
const toldTo: Readonly<Record<SweepLevel, string>> = { cancel: 'stopped', flatten: 'told to close what they hold' };

/** What a halt has done beside the gate, and by name what it has left. */
export function sweptLines(
  level: SweepLevel,
  { bots, ordersCanceled, left }: HaltSwept,
  own: readonly Bot[],
): string[] {
  const done = `${counted(bots, 'bot')} ${toldTo[level]}; of ${counted(ordersCanceled, 'open order')} the cancel was asked.`;
  const { items, complete } = left;
  const unsaid = left.bots + left.orders + left.positions - items.slice(0, linesMax).length;
  if (complete && items.length === 0 && unsaid === 0) return [done, 'Nothing is left of it to do.'];
  const names = new Map<string, string>(own.map(({ id, config }) => [id, config.name]));
  const counts = [counted(left.bots, 'bot'), counted(left.orders, 'order'), counted(left.positions, 'position')];
  return [
    done,
    `NOT done yet: ${counts.join(', ')}.`,
    ...items.slice(0, linesMax).map((item) => leftLine(item, names)),
    ...(unsaid > 0 ? [`and ${unsaid} more`] : []),
    ...(complete ? [] : [`Time ran out before everything was looked at. Repeat /halt ${level}.`]),
  ];
}

function leftLine({ kind, id, botId, code, text, next }: LeftByHalt, names: ReadonlyMap<string, string>): string {
  const what = kind === 'bot' ? '' : `${kind} ${id}`;
  const whose = botId === null ? '' : (names.get(botId) ?? botId);
  const subject = [whose, what].filter((part) => part !== '').join(', ');
  return `${subject}: ${text} (${code})${next === '' ? '' : ` ${next}`}`;
}

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
