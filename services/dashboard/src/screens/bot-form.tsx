import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { useMay } from '../api/lists.js';
import { nameFault } from '../domain/bot-name.js';
import type { Strategy } from '../domain/rows.js';
import { type Draft, draftOf, type Faults, faultsOf, valuesOf } from '../domain/schema-draft.js';
import { fieldsOf, type Field as SchemaField } from '../domain/schema-fields.js';
import { Forbidden, ProblemPanel, Skeleton } from '../ui/data-state.js';
import { Field } from '../ui/field.js';
import { SchemaForm } from '../ui/schema-form.js';
import { Section } from '../ui/section.js';
import { useSending } from '../ui/sending.js';

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

interface BotFormStatesProps {
  readonly what: string;
  /** What the form is made of. */
  readonly reads: readonly UseQueryResult[];
  /** Null until it is known. */
  readonly children: ReactNode;
}

/** All states of a form of a bot. What was read once stays when it cannot be read anew: nobody loses a form to that. */
export function BotFormStates({ what, reads, children }: BotFormStatesProps) {
  const mayTrade = useMay('trader');
  const failed = reads.find(({ isError, data }) => isError && data === undefined);
  if (mayTrade && failed === undefined && children !== null) return children;
  return (
    <div className="card">
      {!mayTrade ? (
        <Forbidden what={what} />
      ) : failed === undefined ? (
        <Skeleton rows={6} />
      ) : (
        <ProblemPanel error={failed.error} onRetry={() => void failed.refetch()} />
      )}
    </div>
  );
}

interface BotFormProps {
  readonly note?: string;
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly suggestion?: string;
  readonly strategy: Strategy | undefined;
  readonly parameters: ReturnType<typeof useParameters>;
  readonly send: () => Promise<void>;
  /** Pointers of what else it is. */
  readonly pointers?: readonly string[];
  readonly children?: (faults: Faults) => ReactNode;
  /** What it comes to, and the button. */
  readonly aside: (sending: ReturnType<typeof useSending>) => ReactNode;
}

/** Name and parameters, and what stands beside them. */
export function BotForm(props: BotFormProps) {
  const { note, name, onName, suggestion, strategy, parameters, send, pointers = [], children, aside } = props;
  const fault = nameFault(name);
  const sending = useSending({
    pointers: ['/name', ...pointers, ...pointersOf(parameters.fields)],
    faults: { ...(fault === null ? {} : { '/name': fault }), ...parameters.faults },
    send,
  });
  const { faults, touch } = sending;
  return (
    <form
      ref={sending.form}
      noValidate
      onSubmit={sending.onSubmit}
      className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]"
    >
      <div className="flex min-w-0 flex-col gap-4">
        <Section title="What it is" note={note}>
          <div className="grid items-start gap-4 p-4 sm:grid-cols-2">
            <Field label="Name" help="Small letters, digits and hyphens." fault={faults['/name']}>
              {(attributes) => (
                <input
                  {...attributes}
                  className="input"
                  autoComplete="off"
                  spellCheck={false}
                  value={name}
                  placeholder={suggestion}
                  onChange={(event) => {
                    onName(event.target.value);
                    touch('/name');
                  }}
                />
              )}
            </Field>
            {children?.(faults)}
          </div>
        </Section>
        <Section title="How it trades" note={strategy?.title}>
          <Parameters parameters={parameters} faults={faults} onTouch={touch} />
        </Section>
      </div>
      <aside className="flex flex-col gap-4 xl:sticky xl:top-18">{aside(sending)}</aside>
    </form>
  );
}

/** Every pointer below these fields, variants included. */
const pointersOf = (fields: readonly SchemaField[]): readonly string[] =>
  fields.flatMap((field) => [
    ...(field.kind === 'variants' ? field.variants.flatMap((variant) => pointersOf(variant.fields)) : []),
    field.pointer,
  ]);

interface ParametersProps {
  readonly parameters: ReturnType<typeof useParameters>;
  readonly faults: Faults;
  readonly onTouch: (pointer: string) => void;
}

/** What a bot cannot do without first; everything else has a default. */
function Parameters({ parameters, faults, onTouch }: ParametersProps) {
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
      <div className="flex flex-col gap-5 p-4">
        <div className="grid gap-4 empty:hidden">
          <SchemaForm fields={others.filter(({ kind }) => kind === 'variants')} {...shared} />
        </div>
        <div className="grid items-start gap-x-4 gap-y-5 sm:grid-cols-2 xl:grid-cols-3">
          <SchemaForm fields={others.filter(({ kind }) => kind !== 'variants')} {...shared} />
        </div>
      </div>
    </>
  );
}
