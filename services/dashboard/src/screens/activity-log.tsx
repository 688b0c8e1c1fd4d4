import { ScrollText } from 'lucide-react';
import type { Activity } from '../domain/rows.js';
import { useLog } from '../live/use-log.js';
import { useBotNames } from '../live/use-names.js';
import { ActivityList } from '../ui/activity-list.js';
import { Empty } from '../ui/data-state.js';
import { LogView } from '../ui/log-view.js';

interface ActivityLogProps {
  readonly bot: string | undefined;
  readonly level: Activity['level'] | undefined;
}

const rules = {
  channel: 'activity',
  path: '/v1/activity',
  keyOf: (row: Activity) => row.id,
  timeOf: (row: Activity) => row.at,
  isNewer: () => true,
};

/** The log, newest first, as far back as one likes. */
export function ActivityLog({ bot, level }: ActivityLogProps) {
  const names = useBotNames();
  const { rows, pages } = useLog<Activity>({
    ...rules,
    filter: { bot, level },
    fits: (row) => (bot === undefined || row.bot === bot) && (level === undefined || row.level === level),
  });
  return (
    <LogView
      rows={rows}
      pages={pages}
      empty={
        <Empty icon={<ScrollText className="size-6" />} title="Nothing to show">
          {level === undefined ? 'Nothing has happened yet.' : `There is no line of the level ${level}.`}
        </Empty>
      }
    >
      {(shownRows) => <ActivityList rows={shownRows} names={names} showsCode />}
    </LogView>
  );
}
