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
  type Source,
} from '../domain/order-draft.js';
import type { Account, Instrument, PriceRow } from '../domain/rows.js';
import { lastOf } from '../domain/totals.js';
import { useChannel } from '../live/live-provider.js';
import { Field, type InputAttributes } from '../ui/field.js';

interface OrderFieldsProps {
  readonly draft: OrderDraft;
  readonly faults: Readonly<Record<string, string>>;
  readonly accounts: readonly Account[];
  /** Of the account's venue. */
  readonly markets: readonly Instrument[];
  readonly onChange: (change: Partial<OrderDraft>, pointer: string) => void;
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
        <Choice
          label="Type"
          fault={faults['/type']}
          value={draft.kind}
          options={orderKinds.map(({ kind, label }) => [kind, label])}
          onChoose={(kind) => onChange({ kind: orderKinds.find((each) => each.kind === kind)?.kind }, '/type')}
        />
        <Amount {...props} name="quantity" pointer="/quantity" label="Quantity" unit={market?.base} />
        <TriggerFields {...props} market={market} />
        {kindOf(draft.kind).limit ? (
          <Amount {...props} name="price" pointer="/price" label="Limit price" unit={market?.quote} />
        ) : null}
      </div>
      <LifeFields {...props} market={market} />
    </>
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

const sources: readonly (readonly [Source, string])[] = [
  ['last', 'The last trade'],
  ['mark', 'The mark price'],
  ['mid', 'The middle of the book'],
];

function TriggerFields(props: OfMarket) {
  const { draft, faults, market, onChange } = props;
  const { trigger } = kindOf(draft.kind);
  if (trigger === null) return null;
  const source = (
    <Choice
      label="Looks at"
      fault={faults['/trigger/source']}
      value={draft.source}
      options={sources}
      onChoose={(value) => onChange({ source: sources.find(([each]) => each === value)?.[0] }, '/trigger/source')}
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
      <div className="text-sm">
        <label className="flex items-start gap-3">
          <input
            type="checkbox"
            className="mt-0.5 size-4 flex-none accent-(--accent)"
            checked={draft.reduceOnly}
            onChange={(event) => onChange({ reduceOnly: event.target.checked }, '/purpose')}
          />
          <span>
            <span className="font-semibold">Reduce only</span>
            <span className="block text-quiet">It only gives back what your orders by hand hold there.</span>
          </span>
        </label>
        {faults['/purpose'] === undefined ? null : (
          <p role="alert" className="mt-1 text-xs font-medium text-down">
            ✕ {faults['/purpose']}
          </p>
        )}
      </div>
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

function Amount({ draft, faults, onChange, name, pointer, label, unit = '', help, optional = false }: AmountProps) {
  return (
    <Field label={label} unit={unit} help={help} optional={optional} fault={faults[pointer]}>
      {(attributes) => (
        <input
          {...attributes}
          className="input num pr-16"
          inputMode="decimal"
          autoComplete="off"
          value={draft[name]}
          onChange={(event) => onChange({ [name]: event.target.value }, pointer)}
        />
      )}
    </Field>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChoose: (value: string) => void;
  readonly fault: string | undefined;
  readonly help?: ReactNode;
}

function Choice({ label, value, options, onChoose, fault, help }: ChoiceProps) {
  return (
    <Field label={label} help={help} fault={fault}>
      {(attributes: InputAttributes) => (
        <select {...attributes} className="input" value={value} onChange={(event) => onChoose(event.target.value)}>
          {options.map(([id, words]) => (
            <option key={id} value={id}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface SideChoiceProps {
  readonly side: OrderDraft['side'];
  readonly fault: string | undefined;
  readonly onChoose: (side: OrderDraft['side']) => void;
}

const sides = [
  { side: 'buy', label: 'Buy', look: 'has-checked:border-up has-checked:bg-up/10 has-checked:text-up' },
  { side: 'sell', label: 'Sell', look: 'has-checked:border-down has-checked:bg-down/10 has-checked:text-down' },
] as const;

function SideChoice({ side, fault, onChoose }: SideChoiceProps) {
  return (
    <fieldset className="grid grid-cols-2 gap-2">
      <legend className="sr-only">Side</legend>
      {sides.map((choice) => (
        <label
          key={choice.side}
          className={`flex cursor-pointer items-center justify-center gap-3 rounded-xl border border-line px-3 py-2.5 text-sm font-semibold ${choice.look}`}
        >
          <input
            type="radio"
            name="side"
            className="size-4 flex-none accent-(--accent)"
            checked={side === choice.side}
            onChange={() => onChoose(choice.side)}
          />
          {choice.label}
        </label>
      ))}
      {fault === undefined ? null : (
        <p role="alert" className="col-span-2 text-xs font-medium text-down">
          ✕ {fault}
        </p>
      )}
    </fieldset>
  );
}
