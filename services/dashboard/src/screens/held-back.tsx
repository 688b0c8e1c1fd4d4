import { useQueryClient } from '@tanstack/react-query';
import { Unlock } from 'lucide-react';
import { useState } from 'react';
import { useHeldBack, useMay } from '../api/lists.js';
import { command } from '../api/session.js';
import { exactTime, timeOf } from '../domain/time.js';
import type { RiskState } from '../generated/api.js';
import { useBotNames } from '../live/use-names.js';
import { useNow } from '../ui/clock.js';
import { Confirm } from '../ui/confirm.js';
import { ProblemPanel } from '../ui/data-state.js';
import { Section } from '../ui/section.js';
import { type Column, Sheet } from '../ui/sheet.js';
import { toastDone } from '../ui/toast.js';

type Held = RiskState['states'][number];

const stateWords = { active: 'active', reducing: 'only reduces', halted: 'halted' } as const;

/** `bot:bot_1` under the name that its owner gave it. */
function nameOf({ scope }: Held, names: ReadonlyMap<string, string>): string {
  const [kind, ...id] = scope.split(':');
  return kind === 'bot' ? `bot ${names.get(id.join(':')) ?? id.join(':')}` : scope.replace(':', ' ');
}

const columns = (names: ReadonlyMap<string, string>, now: number): readonly Column<Held>[] => [
  { label: 'For', cell: (held) => nameOf(held, names) },
  { label: 'Trading', cell: ({ state }) => stateWords[state] },
  {
    label: 'Since',
    cell: ({ since }) =>
      since === null ? (
        ''
      ) : (
        <time dateTime={since} title={exactTime(since)} className="num whitespace-nowrap">
          {timeOf(since, now)}
        </time>
      ),
  },
  { label: 'Why', whole: true, cell: ({ text, by }) => `${text === '' ? 'no reason was given' : text} (${by})` },
];

/** Every scope that is halted or held to reducing, with its release; nothing is shown while there is none. */
export function HeldBack() {
  const cache = useQueryClient();
  const mayRelease = useMay('brake');
  const mayReleaseAll = useMay('risk');
  const now = useNow();
  const names = useBotNames();
  const held = useHeldBack();
  const [asking, setAsking] = useState<Held | null>(null);
  if (held.isError) return <ProblemPanel error={held.error} onRetry={() => void held.refetch()} />;
  const rows = held.data?.states ?? [];
  if (rows.length === 0) return null;
  const mayEnd = ({ operator }: Held) => (operator ? mayReleaseAll : mayRelease);
  const release: Column<Held> = {
    label: 'Release',
    cell: (row) =>
      mayEnd(row) ? (
        <button type="button" className="button small" onClick={() => setAsking(row)}>
          <Unlock aria-hidden="true" className="size-4" /> Release
        </button>
      ) : (
        'the role risk or an administrator'
      ),
  };
  return (
    <Section title="Held back" note={rows.length}>
      <Sheet
        caption="What is held back"
        columns={[...columns(names, now), release]}
        rows={rows}
        keyOf={({ scope }) => scope}
      />
      {asking === null ? null : (
        <Confirm
          title={`Release the ${nameOf(asking, names)}?`}
          confirm="Release"
          onClose={() => setAsking(null)}
          onConfirm={async () => {
            await command('POST', '/v1/risk/state', { scope: asking.scope, state: 'active', text: '' });
            await cache.invalidateQueries({ queryKey: ['risk-state'] });
            toastDone(`The ${nameOf(asking, names)} is released`);
          }}
        >
          Whatever runs there opens new positions again, unless something wider holds it back.
        </Confirm>
      )}
    </Section>
  );
}
