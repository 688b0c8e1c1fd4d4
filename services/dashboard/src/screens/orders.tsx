import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../api/lists.js';
import { Page } from '../ui/section.js';
import { BotFilter, Choices, FilterBar } from './filter-bar.js';
import { PlaceOrder } from './place-order.js';
import { PlanDetail } from './plan-detail.js';
import { PlanLog } from './plan-log.js';
import { FillLog, OrderLog } from './trading-logs.js';

const choices = [
  { value: 'open', label: 'Open' },
  { value: 'final', label: 'Done' },
  { value: 'fills', label: 'Fills' },
  { value: 'plans', label: 'Plans' },
] as const;

/** Orders and fills of all bots and by hand, and plans; what is chosen stands in the address. */
export function Orders() {
  const { show = 'open', bot, plan } = useSearch({ from: '/orders' });
  const navigate = useNavigate({ from: '/orders' });
  const mayTrade = useMay('trader');
  const [placing, setPlacing] = useState(false);
  const look = (id: string | undefined) => void navigate({ search: { show, bot, plan: id }, replace: true });
  return (
    <Page
      title="Orders and fills"
      actions={
        mayTrade ? (
          <button type="button" className="button primary" onClick={() => setPlacing(true)}>
            <Plus aria-hidden="true" className="size-4" /> Place order
          </button>
        ) : undefined
      }
    >
      <FilterBar>
        <Choices
          legend="Show"
          choices={choices}
          chosen={show}
          onChoose={(next) => void navigate({ search: { show: next, bot }, replace: true })}
        />
        {show === 'plans' ? null : (
          <BotFilter chosen={bot} onChoose={(next) => void navigate({ search: { show, bot: next }, replace: true })} />
        )}
      </FilterBar>
      <div className="card overflow-hidden">
        {show === 'plans' ? (
          <PlanLog onLook={(id) => look(id)} />
        ) : show === 'fills' ? (
          <FillLog key={bot ?? ''} bot={bot} />
        ) : (
          <OrderLog key={`${show}/${bot ?? ''}`} bot={bot} status={show} />
        )}
      </div>
      {plan === undefined ? null : <PlanDetail key={plan} id={plan} onClose={() => look(undefined)} />}
      {placing ? <PlaceOrder onClose={() => setPlacing(false)} /> : null}
    </Page>
  );
}
