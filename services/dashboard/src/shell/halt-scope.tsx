import { useAccounts, useInstruments, useMay } from '../api/lists.js';
import { type HaltScope, type HaltScopeKind, haltScopes } from '../domain/halt.js';
import type { Bot } from '../domain/rows.js';
import { useChannel } from '../live/live-provider.js';
import { Field } from '../ui/field.js';

interface ScopeChoiceProps {
  readonly scope: HaltScope;
  readonly onChoose: (scope: HaltScope) => void;
}

const kindOf = (scope: HaltScope): HaltScopeKind => {
  const [kind = ''] = scope.split(':');
  return haltScopes(true).find((choice) => choice.kind === kind)?.kind ?? 'mine';
};

/** Whose trading is halted: everything of one's own, a part of it, or what is everybody's. */
export function ScopeChoice({ scope, onChoose }: ScopeChoiceProps) {
  const choices = haltScopes(useMay('risk'));
  const options = useOptions();
  const kind = kindOf(scope);
  const chosen = choices.find((choice) => choice.kind === kind);
  const offered = choices.filter((choice) => choice.choose === null || options[choice.kind].length > 0);
  return (
    <>
      <fieldset className="grid grid-cols-2 gap-2">
        <legend className="mb-2 text-sm font-semibold">Whose?</legend>
        {offered.map((choice) => (
          <label
            key={choice.kind}
            className="flex cursor-pointer items-center gap-3 rounded-xl border border-line px-3 py-2.5 text-sm font-semibold has-checked:border-down has-checked:bg-down/10"
          >
            <input
              type="radio"
              name="scope"
              className="size-4 flex-none accent-(--danger)"
              checked={kind === choice.kind}
              onChange={() => onChoose(choice.choose === null ? choice.kind : (options[choice.kind][0]?.[0] ?? 'mine'))}
            />
            {choice.label}
          </label>
        ))}
      </fieldset>
      {chosen === undefined || chosen.choose === null ? null : (
        <Field label={chosen.choose}>
          {(attributes) => (
            <select {...attributes} className="input" value={scope} onChange={(event) => onChoose(event.target.value)}>
              {options[kind].map(([id, label]) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </>
  );
}

type Options = Readonly<Record<HaltScopeKind, readonly (readonly [HaltScope, string])[]>>;

/** What there is to choose from, as far as it is known; the brake itself needs none of it. */
function useOptions(): Options {
  const bots = useChannel<Bot>('bots') ?? [];
  const accounts = useAccounts().data?.data ?? [];
  const instruments = useInstruments().data?.data ?? [];
  const venues = [...new Set([...accounts, ...instruments].map(({ venue }) => venue))].sort();
  return {
    mine: [],
    platform: [],
    bot: bots
      .toSorted((left, right) => left.name.localeCompare(right.name))
      .map(({ id, name }) => [`bot:${id}`, name] as const),
    account: accounts.map(({ id, label }) => [`account:${id}`, label] as const),
    venue: venues.map((venue) => [`venue:${venue}`, venue] as const),
  };
}
