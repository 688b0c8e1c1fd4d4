import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import { asProblem, type Problem } from '../domain/problem.js';
import { sortRefusals } from '../domain/refused-fields.js';
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

interface SendWanted {
  /** Pointers of every field that is on the screen, so that a refusal finds its place. */
  readonly pointers: readonly string[];
  readonly faults: Readonly<Record<string, string>>;
  readonly send: () => Promise<void>;
}

/** Sends once, shows faults only after the first try, and puts the focus on the first thing to correct. */
export function useSending({ pointers, faults, send }: SendWanted) {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const refusals = problem === null ? null : sortRefusals(problem, pointers);
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(null);
    if (Object.keys(faults).length === 0) {
      setBusy(true);
      try {
        await send();
      } catch (error) {
        setProblem(asProblem(error));
      }
      setBusy(false);
    }
    setTries((count) => count + 1);
  };
  const visible = Object.fromEntries(Object.entries(faults).filter(([pointer]) => tries > 0 || touched.has(pointer)));
  return {
    form,
    busy,
    problem,
    refusals,
    faults: { ...refusals?.byField, ...visible },
    /** A field that was changed is judged at once, and what was refused about it before is forgotten. */
    touch: (pointer: string) => {
      setTouched((before) => new Set(before).add(pointer));
      setProblem(null);
    },
    onSubmit: (event: FormEvent) => void onSubmit(event),
  };
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
      <div className="grid items-start gap-4 p-4 sm:grid-cols-2">
        <SchemaForm fields={needed} {...shared} />
      </div>
      <h3 className="border-t border-line px-4 pt-4 text-sm font-semibold text-quiet">Everything else has a default</h3>
      <div className="grid items-start gap-x-4 gap-y-5 p-4 sm:grid-cols-2 xl:grid-cols-3">
        <SchemaForm fields={others} {...shared} />
      </div>
    </>
  );
}

/** What was refused and belongs to no field. */
export function FormProblem({ sending }: { readonly sending: ReturnType<typeof useSending> }) {
  const { problem, refusals, faults } = sending;
  const count = Object.keys(faults).length;
  if (problem === null || refusals === null) {
    return count === 0 ? null : <p className="text-sm font-medium text-down">✕ {count} to correct above</p>;
  }
  if (refusals.others.length === 0) {
    return (
      <p role="alert" className="text-sm font-medium text-down">
        ✕ {problem.title}. See the marked fields. <code className="text-xs">{problem.code}</code>
      </p>
    );
  }
  return (
    <div role="alert" className="text-sm">
      {refusals.others.map(({ code, text }) => (
        <p key={code} className="font-medium text-down">
          ✕ {text} <code className="text-xs">{code}</code>
        </p>
      ))}
    </div>
  );
}
