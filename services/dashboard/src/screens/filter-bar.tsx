import type { ReactNode } from 'react';
import type { Bot } from '../domain/rows.js';
import { useChannel } from '../live/live-provider.js';

interface Choice<Value extends string> {
  readonly value: Value | undefined;
  readonly label: string;
}

interface ChoicesProps<Value extends string> {
  readonly legend: string;
  readonly choices: readonly Choice<Value>[];
  readonly chosen: Value | undefined;
  readonly onChoose: (value: Value | undefined) => void;
}

/** One of a few, all of them in sight. */
export function Choices<Value extends string>({ legend, choices, chosen, onChoose }: ChoicesProps<Value>) {
  return (
    <fieldset className="flex max-w-full min-w-0 overflow-x-auto rounded-lg border border-line bg-panel p-0.5">
      <legend className="sr-only">{legend}</legend>
      {choices.map(({ value, label }) => (
        <button
          key={label}
          type="button"
          aria-pressed={chosen === value}
          className="min-h-8 rounded-md px-3 text-sm font-semibold whitespace-nowrap text-quiet -outline-offset-2 aria-pressed:bg-raised aria-pressed:text-ink"
          onClick={() => onChoose(value)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

interface BotFilterProps {
  readonly chosen: string | undefined;
  readonly onChoose: (bot: string | undefined) => void;
}

export function BotFilter({ chosen, onChoose }: BotFilterProps) {
  const bots = (useChannel<Bot>('bots') ?? []).toSorted((left, right) => left.name.localeCompare(right.name));
  const gone = chosen !== undefined && !bots.some(({ id }) => id === chosen);
  return (
    <select
      className="input max-sm:flex-1 sm:max-w-56"
      aria-label="Of which bot"
      value={chosen ?? ''}
      onChange={(event) => onChoose(event.target.value === '' ? undefined : event.target.value)}
    >
      <option value="">All bots</option>
      {bots.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
      {gone ? <option value={chosen}>{chosen} (deleted)</option> : null}
    </select>
  );
}

export const FilterBar = ({ children }: { readonly children: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-3">{children}</div>
);
