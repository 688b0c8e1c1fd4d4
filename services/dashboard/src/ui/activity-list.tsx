import { Link } from '@tanstack/react-router';
import { activityText } from '../domain/activity-text.js';
import type { Activity } from '../domain/rows.js';
import { exactTime, timeOf } from '../domain/time.js';
import { useNow } from './clock.js';
import { LevelMark } from './marks.js';

interface ActivityListProps {
  readonly rows: readonly Activity[];
  /** Names by id; a bot that was deleted keeps its id. */
  readonly names: ReadonlyMap<string, string>;
  readonly showsCode?: boolean;
}

/** What happened, newest first. */
export function ActivityList({ rows, names, showsCode = false }: ActivityListProps) {
  const now = useNow();
  return (
    <ol className="@container flex flex-col">
      {rows.map((row) => (
        <li
          key={row.id}
          className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5 border-b border-line px-4 py-2.5 last:border-b-0 @2xl:grid-cols-[6.5rem_1fr_auto] @2xl:items-baseline"
        >
          <LevelMark level={row.level} />
          <time dateTime={row.at} title={exactTime(row.at)} className="num text-xs text-quiet @2xl:order-3">
            {timeOf(row.at, now)}
          </time>
          <p className="col-span-full min-w-0 text-sm break-words @2xl:order-2 @2xl:col-span-1">
            {row.bot === null ? null : (
              <Link to="/bots/$botId" params={{ botId: row.bot }} className="mr-1.5 font-semibold hover:text-accent">
                {names.get(row.bot) ?? row.bot}
              </Link>
            )}
            {activityText(row.text, row.bot === null ? null : (names.get(row.bot) ?? row.bot))}
            {showsCode ? <code className="ml-2 text-xs text-quiet">{row.code}</code> : null}
          </p>
        </li>
      ))}
    </ol>
  );
}
