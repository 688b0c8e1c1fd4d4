import type { ReactNode } from 'react';
import type { OrderDraft, Source } from '../domain/order-draft.js';
import { Field, type InputAttributes } from '../ui/field.js';

// What the forms of an order and of a plan are made of.

interface AmountProps {
  readonly label: string;
  readonly value: string;
  readonly unit: string | undefined;
  readonly fault: string | undefined;
  readonly onType: (value: string) => void;
  readonly help?: ReactNode;
  readonly optional?: boolean;
}

export function AmountInput({ label, value, unit = '', fault, onType, help, optional = false }: AmountProps) {
  return (
    <Field label={label} unit={unit} help={help} optional={optional} fault={fault}>
      {(attributes) => (
        <input
          {...attributes}
          className="input num pr-16"
          inputMode="decimal"
          autoComplete="off"
          value={value}
          onChange={(event) => onType(event.target.value)}
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

export function Choice({ label, value, options, onChoose, fault, help }: ChoiceProps) {
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

export function SideChoice({ side, fault, onChoose }: SideChoiceProps) {
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

interface ReduceOnlyProps {
  readonly checked: boolean;
  readonly fault: string | undefined;
  readonly onCheck: (checked: boolean) => void;
}

export function ReduceOnly({ checked, fault, onCheck }: ReduceOnlyProps) {
  return (
    <div className="text-sm">
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          className="mt-0.5 size-4 flex-none accent-(--accent)"
          checked={checked}
          onChange={(event) => onCheck(event.target.checked)}
        />
        <span>
          <span className="font-semibold">Reduce only</span>
          <span className="block text-quiet">It only gives back what your orders by hand hold there.</span>
        </span>
      </label>
      {fault === undefined ? null : (
        <p role="alert" className="mt-1 text-xs font-medium text-down">
          ✕ {fault}
        </p>
      )}
    </div>
  );
}

const sources: readonly (readonly [Source, string])[] = [
  ['last', 'The last trade'],
  ['mark', 'The mark price'],
  ['mid', 'The middle of the book'],
];

interface SourceChoiceProps {
  readonly source: Source;
  readonly fault: string | undefined;
  readonly onChoose: (source: Source) => void;
}

/** By which price something is triggered. */
export function SourceChoice({ source, fault, onChoose }: SourceChoiceProps) {
  return (
    <Choice
      label="Looks at"
      fault={fault}
      value={source}
      options={sources}
      onChoose={(value) => onChoose(sources.find(([each]) => each === value)?.[0] ?? 'last')}
    />
  );
}
