import { useNavigate, useSearch } from '@tanstack/react-router';
import { activityLevels } from '../domain/levels.js';
import type { Activity } from '../domain/rows.js';
import { Page } from '../ui/section.js';
import { ActivityLog } from './activity-log.js';
import { BotFilter, Choices, FilterBar } from './filter-bar.js';

const choices: readonly { value: Activity['level'] | undefined; label: string }[] = [
  { value: undefined, label: 'All' },
  ...activityLevels.map((level) => ({ value: level, label: level.charAt(0) + level.slice(1).toLowerCase() })),
];

/** The log of everything, by level and bot. */
export function ActivityScreen() {
  const { level, bot } = useSearch({ from: '/activity' });
  const navigate = useNavigate({ from: '/activity' });
  return (
    <Page title="Activity">
      <FilterBar>
        <Choices
          legend="Level"
          choices={choices}
          chosen={level}
          onChoose={(next) => void navigate({ search: { level: next, bot }, replace: true })}
        />
        <BotFilter chosen={bot} onChoose={(next) => void navigate({ search: { level, bot: next }, replace: true })} />
      </FilterBar>
      <div className="card overflow-hidden">
        <ActivityLog key={`${level ?? ''}/${bot ?? ''}`} bot={bot} level={level} />
      </div>
    </Page>
  );
}
