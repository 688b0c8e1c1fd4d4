import { Scale } from 'lucide-react';
import { usePages } from '../api/lists.js';
import { triggerOfComparison } from '../domain/reconciliation-words.js';
import { exactTime, timeOf } from '../domain/time.js';
import type { DifferenceList } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { Empty } from '../ui/data-state.js';
import { LogView } from '../ui/log-view.js';
import { Section } from '../ui/section.js';
import { type Column, Sheet } from '../ui/sheet.js';

/** The stream does not tell of them. */
const lookEveryMs = 10_000;

type Found = DifferenceList['data'][number];

const columns = (now: number): readonly Column<Found>[] => [
  {
    label: 'Found',
    cell: ({ at, trigger }) => (
      <>
        <time dateTime={at} title={exactTime(at)} className="num whitespace-nowrap">
          {timeOf(at, now)}
        </time>
        <span className="block text-xs text-quiet">{triggerOfComparison[trigger]}</span>
      </>
    ),
  },
  {
    label: 'What',
    cell: ({ kind, subject }) => <span className="[overflow-wrap:anywhere]">{`${kind} ${subject}`}</span>,
  },
  { label: 'Account', cell: ({ account }) => account },
  { label: 'Here', cell: ({ ours }) => <span className="num">{ours}</span> },
  { label: 'At the venue', cell: ({ theirs }) => <span className="num">{theirs}</span> },
  {
    label: 'Decision',
    whole: true,
    cell: ({ decision, repaired }) => (
      <>
        {decision}{' '}
        <span className={`whitespace-nowrap ${repaired ? 'text-up' : 'text-warn'}`}>
          {repaired ? '✓ mended' : '! not mended'}
        </span>
      </>
    ),
  },
];

/** Every difference that was ever found, newest first, as far back as one likes. */
export function DifferenceLog({ account }: { readonly account: string | undefined }) {
  const now = useNow();
  const pages = usePages<Found>('/v1/reconciliation/differences', { account }, lookEveryMs);
  const rows = pages.data?.pages.flatMap(({ data }) => data);
  return (
    <Section title="Every difference so far" note="newest first">
      <LogView
        rows={rows}
        pages={pages}
        empty={
          <Empty icon={<Scale className="size-6" />} title="No difference was ever found">
            A difference between the books and a venue stands here with what was decided, for good.
          </Empty>
        }
      >
        {(shown) => (
          <Sheet caption="Every difference so far" columns={columns(now)} rows={shown} keyOf={({ id }) => id} />
        )}
      </LogView>
    </Section>
  );
}
