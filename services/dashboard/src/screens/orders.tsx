import { useNavigate, useSearch } from '@tanstack/react-router';
import { Page } from '../ui/section.js';
import { BotFilter, Choices, FilterBar } from './filter-bar.js';
import { FillLog, OrderLog } from './trading-logs.js';

const choices = [
  { value: 'open', label: 'Open' },
  { value: 'final', label: 'Done' },
  { value: 'fills', label: 'Fills' },
] as const;

/** Orders and fills of all bots; what is chosen stands in the address. */
export function Orders() {
  const { show = 'open', bot } = useSearch({ from: '/orders' });
  const navigate = useNavigate({ from: '/orders' });
  return (
    <Page title="Orders and fills">
      <FilterBar>
        <Choices
          legend="Show"
          choices={choices}
          chosen={show}
          onChoose={(next) => void navigate({ search: { show: next, bot }, replace: true })}
        />
        <BotFilter chosen={bot} onChoose={(next) => void navigate({ search: { show, bot: next }, replace: true })} />
      </FilterBar>
      <div className="card overflow-hidden">
        {show === 'fills' ? (
          <FillLog key={bot ?? ''} bot={bot} />
        ) : (
          <OrderLog key={`${show}/${bot ?? ''}`} bot={bot} status={show} />
        )}
      </div>
    </Page>
  );
}
