import { useMemo, useState } from 'react';
import type { Strategy } from '../domain/rows.js';
import { type Draft, draftOf, faultsOf, valuesOf } from '../domain/schema-draft.js';
import { fieldsOf, type Field as SchemaField } from '../domain/schema-fields.js';
import { SchemaForm } from '../ui/schema-form.js';

type Values = { readonly [name: string]: unknown };

/** The state of a form for a strategy's parameters: what is typed, what is wrong with it, what the gateway refused. */
export function useParameters(strategy: Strategy | undefined, stored: Values | null) {
  const fields = useMemo(() => fieldsOf(strategy?.schema), [strategy]);
  const [edited, setEdited] = useState<Draft>({});
  const initial = useMemo(() => draftOf(fields, stored), [fields, stored]);
  const draft = useMemo(() => ({ ...defaultsOf(fields, edited), ...initial, ...edited }), [fields, initial, edited]);
  return {
    fields,
    draft,
    values: valuesOf(fields, draft),
    /** What the form meant before anybody touched it: defaults that are not stored are no change. */
    before: valuesOf(fields, initial),
    faults: faultsOf(fields, draft),
    change: (pointer: string, text: string) => setEdited((before) => ({ ...before, [pointer]: text })),
  };
}

/** Of the variants that somebody has switched to: a choice in them has a value from the start. */
function defaultsOf(fields: readonly SchemaField[], edited: Draft): Draft {
  const switched = fields.flatMap((field) =>
    field.kind === 'variants'
      ? (field.variants.find(({ title }) => title === edited[field.pointer])?.fields ?? [])
      : [],
  );
  return draftOf(switched, null);
}

/** Every pointer below these fields, variants included. */
export const pointersOf = (fields: readonly SchemaField[]): readonly string[] =>
  fields.flatMap((field) => [
    ...(field.kind === 'variants' ? field.variants.flatMap((variant) => pointersOf(variant.fields)) : []),
    field.pointer,
  ]);

interface ParametersProps {
  readonly parameters: ReturnType<typeof useParameters>;
  readonly faults: Readonly<Record<string, string>>;
  readonly onTouch: (pointer: string) => void;
}

/** What a bot cannot do without first; everything else has a default. */
export function Parameters({ parameters, faults, onTouch }: ParametersProps) {
  const { fields, draft, change } = parameters;
  const onChange = (pointer: string, text: string) => {
    change(pointer, text);
    onTouch(pointer);
  };
  const shared = { draft, faults, onChange };
  const needed = fields.filter(({ required }) => required);
  const others = fields.filter(({ required, kind }) => !required && kind !== 'constant');
  return (
    <>
      <div className="flex flex-col gap-4 p-4">
        <div className="grid items-start gap-4 empty:hidden sm:grid-cols-2">
          <SchemaForm fields={needed.filter(({ kind }) => kind !== 'variants')} {...shared} />
        </div>
        <div className="grid gap-4 empty:hidden lg:grid-cols-2">
          <SchemaForm fields={needed.filter(({ kind }) => kind === 'variants')} {...shared} />
        </div>
      </div>
      <h3 className="border-t border-line px-4 pt-4 text-sm font-semibold text-quiet">Everything else has a default</h3>
      <div className="grid items-start gap-x-4 gap-y-5 p-4 sm:grid-cols-2 xl:grid-cols-3">
        <SchemaForm fields={others} {...shared} />
      </div>
    </>
  );
}
