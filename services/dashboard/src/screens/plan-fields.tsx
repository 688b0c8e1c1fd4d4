import { hasExits, type PlanDraft } from '../domain/plan-draft.js';
import { durationWords } from '../domain/plan-words.js';
import type { Instrument } from '../domain/rows.js';
import { AmountInput, Choice, ReduceOnly, SourceChoice } from './order-inputs.js';

interface PlanFieldsProps {
  readonly draft: PlanDraft;
  readonly faults: Readonly<Record<string, string>>;
  readonly market: Instrument | undefined;
  readonly onChange: (change: Partial<PlanDraft>, pointer: string) => void;
}

/** What a plan has beside what every order has. */
export function PlanFields(props: PlanFieldsProps) {
  const { draft, faults, market, onChange } = props;
  if (hasExits(draft.plan))
    return (
      <>
        <StopFields {...props} />
        <TargetFields {...props} />
      </>
    );
  return (
    <>
      {draft.plan === 'twap' ? <SliceFields {...props} /> : null}
      {draft.plan === 'iceberg' ? (
        <AmountInput
          label="Others see"
          help="So much of it at a time."
          unit={market?.base}
          value={draft.show}
          fault={faults['/show']}
          onType={(show) => onChange({ show }, '/show')}
        />
      ) : null}
      <ReduceOnly
        checked={draft.reduceOnly}
        fault={faults['/purpose']}
        onCheck={(reduceOnly) => onChange({ reduceOnly }, '/purpose')}
      />
    </>
  );
}

/** Of a bracket. */
export const EntryChoice = ({ draft, faults, onChange }: Omit<PlanFieldsProps, 'market'>) => (
  <Choice
    label="Entry"
    fault={faults['/entry/type']}
    value={draft.entryAtMarket ? 'market' : 'limit'}
    options={[
      ['limit', 'At a limit'],
      ['market', 'At the market'],
    ]}
    onChoose={(value) => onChange({ entryAtMarket: value === 'market' }, '/entry/type')}
  />
);

function StopFields({ draft, faults, market, onChange }: PlanFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Choice
        label="Stop"
        fault={faults['/stop/trigger/kind']}
        value={draft.stopTrails ? 'trailing' : 'stop'}
        options={[
          ['stop', 'At a price'],
          ['trailing', 'Trails the best price'],
        ]}
        onChoose={(value) => onChange({ stopTrails: value === 'trailing' }, '/stop/trigger/kind')}
      />
      {draft.stopTrails ? (
        <AmountInput
          label="Comes back by"
          unit="%"
          value={draft.stopDistance}
          fault={faults['/stop/trigger/distanceBps']}
          onType={(stopDistance) => onChange({ stopDistance }, '/stop/trigger/distanceBps')}
        />
      ) : (
        <>
          <AmountInput
            label="Stop price"
            unit={market?.quote}
            value={draft.stopTrigger}
            fault={faults['/stop/trigger/price']}
            onType={(stopTrigger) => onChange({ stopTrigger }, '/stop/trigger/price')}
          />
          <AmountInput
            label="Limit of the stop"
            help="Left empty: at the market."
            unit={market?.quote}
            value={draft.stopLimit}
            fault={faults['/stop/price']}
            onType={(stopLimit) => onChange({ stopLimit }, '/stop/price')}
            optional
          />
        </>
      )}
      <SourceChoice
        source={draft.exitSource}
        fault={faults['/stop/trigger/source']}
        onChoose={(exitSource) => onChange({ exitSource }, '/stop/trigger/source')}
      />
    </div>
  );
}

function TargetFields({ draft, faults, market, onChange }: PlanFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <AmountInput
        label="Target price"
        unit={market?.quote}
        value={draft.target}
        fault={faults['/target/price']}
        onType={(target) => onChange({ target }, '/target/price')}
        optional={draft.plan === 'bracket'}
      />
      <Choice
        label="Reached, it goes"
        fault={faults['/target/type']}
        value={draft.targetAtMarket ? 'market' : 'limit'}
        options={[
          ['limit', 'At the target or better'],
          ['market', 'At the market'],
        ]}
        onChoose={(value) => onChange({ targetAtMarket: value === 'market' }, '/target/type')}
      />
    </div>
  );
}

function SliceFields({ draft, faults, onChange }: PlanFieldsProps) {
  const seconds = /^\d{1,5}$/.test(draft.intervalSeconds.trim()) ? Number(draft.intervalSeconds) : 0;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <AmountInput
        label="Slices"
        unit=""
        help="Equal parts, 2 to 500."
        value={draft.slices}
        fault={faults['/slices']}
        onType={(slices) => onChange({ slices }, '/slices')}
      />
      <AmountInput
        label="One every"
        unit="seconds"
        help={seconds < 60 ? undefined : durationWords(seconds)}
        value={draft.intervalSeconds}
        fault={faults['/intervalSeconds']}
        onType={(intervalSeconds) => onChange({ intervalSeconds }, '/intervalSeconds')}
      />
    </div>
  );
}
