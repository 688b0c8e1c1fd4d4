import type { ReactNode } from 'react';
import { placesOf, shown } from '../domain/decimal.js';
import {
  kindOf,
  type Life,
  lifeOf,
  lifeWords,
  livesOf,
  mayHide,
  type OrderDraft,
  orderKinds,
} from '../domain/order-draft.js';
import { limitOf, limitPointer, type PlanDraft, planKinds } from '../domain/plan-draft.js';
import type { Account, Instrument, PriceRow } from '../domain/rows.js';
import { lastOf } from '../domain/totals.js';
import { useChannel } from '../live/live-provider.js';
import { Field } from '../ui/field.js';
import { AmountInput, Choice, ReduceOnly, SideChoice, SourceChoice } from './order-inputs.js';
import { EntryChoice, PlanFields } from './plan-fields.js';

export interface OrderFieldsProps {
  readonly draft: PlanDraft;
  readonly faults: Readonly<Record<string, string>>;
  readonly accounts: readonly Account[];
  /** Of the account's venue. */
  readonly markets: readonly Instrument[];
  readonly onChange: (change: Partial<PlanDraft>, pointer: string) => void;
}

/** The fields that are on the screen, by the API's names, so that what is refused finds its place. */
export function pointersOf(draft: OrderDraft): readonly string[] {
  const { limit, trigger } = kindOf(draft.kind);
  return [
    ...['/account', '/symbol', '/side', '/type', '/quantity', '/timeInForce', '/purpose'],
    ...(limit ? ['/price'] : []),
    ...(trigger === null ? [] : ['/trigger/source']),
    ...(trigger === 'trailing' ? ['/trigger/distanceBps', '/trigger/activationPrice'] : []),
    ...(trigger === 'stop' || trigger === 'take-profit' ? ['/trigger/price'] : []),
    ...(lifeOf(draft) === 'GTD' ? ['/expiresAt'] : []),
    ...(mayHide(draft) ? ['/displayQuantity'] : []),
  ];
}

export function OrderFields(props: OrderFieldsProps) {
  const { draft, faults, accounts, markets, onChange } = props;
  const market = markets.find(({ symbol }) => symbol === draft.symbol);
  const last = useLastPrice(market);
  const ofOrder = kindOf(draft.kind).limit ? 'needed' : 'none';
  const limit = draft.plan === null ? ofOrder : limitOf(draft);
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Choice
          label="Account"
          fault={faults['/account']}
          value={draft.account}
          options={accounts.map(({ id, label, mode }) => [id, `${label} (${mode})`])}
          onChoose={(account) => onChange({ account }, '/account')}
        />
        <Choice
          label="Market"
          fault={faults['/symbol']}
          help={last}
          value={draft.symbol}
          options={markets.map(({ symbol }) => [symbol, symbol])}
          onChoose={(symbol) => onChange({ symbol }, '/symbol')}
        />
      </div>
      <SideChoice side={draft.side} fault={faults['/side']} onChoose={(side) => onChange({ side }, '/side')} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TypeChoice {...props} />
        <Amount {...props} name="quantity" pointer="/quantity" label="Quantity" unit={market?.base} />
        {draft.plan === 'bracket' ? <EntryChoice draft={draft} faults={faults} onChange={onChange} /> : null}
        {draft.plan === null ? <TriggerFields {...props} market={market} /> : null}
        {limit === 'none' ? null : (
          <Amount
            {...props}
            name="price"
            pointer={limitPointer(draft.plan)}
            label="Limit price"
            unit={market?.quote}
            optional={limit === 'optional'}
          />
        )}
      </div>
      {draft.plan === null ? (
        <LifeFields {...props} market={market} />
      ) : (
        <PlanFields draft={draft} faults={faults} market={market} onChange={onChange} />
      )}
    </>
  );
}

/** One order, or orders that belong together. */
function TypeChoice({ draft, faults, onChange }: OrderFieldsProps) {
  const chosen = (value: string): Partial<PlanDraft> => {
    const plan = planKinds.find(({ kind }) => kind === value)?.kind ?? null;
    const single = orderKinds.find(({ kind }) => kind === value)?.kind;
    return single === undefined ? { plan } : { plan, kind: single };
  };
  return (
    <Field
      label="Type"
      help={planKinds.find(({ kind }) => kind === draft.plan)?.help}
      fault={faults[draft.plan === null ? '/type' : '/kind']}
    >
      {(attributes) => (
        <select
          {...attributes}
          className="input"
          value={draft.plan ?? draft.kind}
          onChange={(event) => onChange(chosen(event.target.value), '/type')}
        >
          <optgroup label="One order">
            {orderKinds.map(({ kind, label }) => (
              <option key={kind} value={kind}>
                {label}
              </option>
            ))}
          </optgroup>
          <optgroup label="Orders that belong together">
            {planKinds.map(({ kind, label }) => (
              <option key={kind} value={kind}>
                {label}
              </option>
            ))}
          </optgroup>
        </select>
      )}
    </Field>
  );
}

/** What it trades at now, beside where one types. */
function useLastPrice(market: Instrument | undefined): string | undefined {
  const prices = useChannel<PriceRow>('prices');
  if (market === undefined) return undefined;
  const row = prices?.find(({ instrument }) => instrument === market.id);
  const last = (row && lastOf(row)) ?? market.lastPrice;
  return last === null ? undefined : `Last ${shown(last, placesOf(last, market.tickSize))} ${market.quote}`;
}

type OfMarket = OrderFieldsProps & { readonly market: Instrument | undefined };

function TriggerFields(props: OfMarket) {
  const { draft, faults, market, onChange } = props;
  const { trigger } = kindOf(draft.kind);
  if (trigger === null) return null;
  const source = (
    <SourceChoice
      source={draft.source}
      fault={faults['/trigger/source']}
      onChoose={(value) => onChange({ source: value }, '/trigger/source')}
    />
  );
  if (trigger !== 'trailing')
    return (
      <>
        <Amount {...props} name="triggerPrice" pointer="/trigger/price" label="Trigger price" unit={market?.quote} />
        {source}
      </>
    );
  return (
    <>
      <Amount {...props} name="distance" pointer="/trigger/distanceBps" label="Comes back by" unit="%" />
      <Amount
        {...props}
        name="activationPrice"
        pointer="/trigger/activationPrice"
        label="Follows from"
        unit={market?.quote}
        optional
      />
      {source}
    </>
  );
}

function LifeFields(props: OfMarket) {
  const { draft, faults, market, onChange } = props;
  const lives = livesOf(draft.kind);
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        {lives.length === 1 ? null : (
          <Choice
            label="Good"
            fault={faults['/timeInForce']}
            value={lifeOf(draft)}
            options={lives.map((life) => [life, lifeWords[life]])}
            onChoose={(value) => onChange({ life: lives.find((life: Life) => life === value) }, '/timeInForce')}
          />
        )}
        {lifeOf(draft) === 'GTD' ? (
          <Field label="Until" help="In your own time zone." fault={faults['/expiresAt']}>
            {(attributes) => (
              <input
                {...attributes}
                type="datetime-local"
                className="input"
                value={draft.expiresAt}
                onChange={(event) => onChange({ expiresAt: event.target.value }, '/expiresAt')}
              />
            )}
          </Field>
        ) : null}
        {mayHide(draft) ? (
          <Amount
            {...props}
            name="displayQuantity"
            pointer="/displayQuantity"
            label="Others see"
            help="So much of it at a time (iceberg); all of it when left empty."
            unit={market?.base}
            optional
          />
        ) : null}
      </div>
      <ReduceOnly
        checked={draft.reduceOnly}
        fault={faults['/purpose']}
        onCheck={(reduceOnly) => onChange({ reduceOnly }, '/purpose')}
      />
    </>
  );
}

type TextName = 'quantity' | 'price' | 'triggerPrice' | 'distance' | 'activationPrice' | 'displayQuantity';

interface AmountProps extends Pick<OrderFieldsProps, 'draft' | 'faults' | 'onChange'> {
  readonly name: TextName;
  readonly pointer: string;
  readonly label: string;
  readonly unit: string | undefined;
  readonly help?: ReactNode;
  readonly optional?: boolean;
}

function Amount({ draft, faults, onChange, name, pointer, ...shown }: AmountProps) {
  return (
    <AmountInput
      {...shown}
      value={draft[name]}
      fault={faults[pointer]}
      onType={(value) => onChange({ [name]: value }, pointer)}
    />
  );
}
