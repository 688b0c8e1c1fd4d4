import { useRiskLimits } from '../api/lists.js';
import { limitLabel, limitText } from '../domain/limit-words.js';
import { Empty, ProblemPanel, Skeleton } from '../ui/data-state.js';
import { Section } from '../ui/section.js';

/** What every order is measured against before it leaves. */
export function Limits() {
  const limits = useRiskLimits();
  const rows = limits.data?.data;
  return (
    <Section title="Limits" note="of every order of yours">
      {limits.isPending ? <Skeleton /> : null}
      {limits.isError ? <ProblemPanel error={limits.error} onRetry={() => void limits.refetch()} /> : null}
      {rows === undefined ? null : rows.length === 0 ? (
        <Empty title="No limit is set">They are settings of the risk gate.</Empty>
      ) : (
        <dl className="px-4 py-2 text-sm">
          {rows.map(({ name, value, unit, source }) => (
            <div key={name} className="flex justify-between gap-4 border-b border-line py-2 last:border-b-0">
              <dt className="text-quiet" title={name}>
                {limitLabel(name)}
                {source === null
                  ? ''
                  : ` · set for ${source === 'platform' ? 'the whole platform' : source.replace(':', ' ')}`}
              </dt>
              <dd className="num text-right font-medium whitespace-nowrap">{limitText(value, unit)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
}
