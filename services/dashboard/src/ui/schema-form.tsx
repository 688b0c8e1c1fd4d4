import type { Draft, Faults } from '../domain/schema-draft.js';
import { chosenVariant, numberText } from '../domain/schema-draft.js';
import type { Field as SchemaField } from '../domain/schema-fields.js';
import { Field } from './field.js';

interface SchemaFormProps {
  readonly fields: readonly SchemaField[];
  readonly draft: Draft;
  readonly faults: Faults;
  readonly onChange: (pointer: string, text: string) => void;
}

/** Inputs for fields that a schema describes. */
export function SchemaForm({ fields, draft, faults, onChange }: SchemaFormProps) {
  return (
    <>
      {fields.map((field) => {
        const props = { draft, faults, onChange };
        if (field.kind === 'constant') return null;
        if (field.kind === 'document') return <Document key={field.pointer} field={field} {...props} />;
        if (field.kind === 'variants') return <Variants key={field.pointer} field={field} {...props} />;
        return <Single key={field.pointer} field={field} {...props} />;
      })}
    </>
  );
}

type One<Kind extends SchemaField['kind']> = Omit<SchemaFormProps, 'fields'> & {
  readonly field: Extract<SchemaField, { kind: Kind }>;
};

/** One of several shapes: which one first, then its own fields. */
function Variants({ field, draft, faults, onChange }: One<'variants'>) {
  const chosen = chosenVariant(field, draft);
  return (
    <fieldset className="@container col-span-full min-w-0 rounded-xl border border-line p-4 lg:col-span-1">
      <legend className="px-1.5 text-sm font-semibold">{field.label}</legend>
      <div className="flex flex-wrap gap-2">
        {field.variants.map(({ title }) => (
          <label
            key={title}
            className="flex min-h-9 cursor-pointer items-center gap-2 rounded-lg border border-line px-3 text-sm has-checked:border-accent has-checked:bg-accent/10"
          >
            <input
              type="radio"
              className="accent-(--accent)"
              name={field.pointer}
              value={title}
              checked={chosen?.title === title}
              onChange={() => onChange(field.pointer, title)}
            />
            {title}
          </label>
        ))}
      </div>
      <div className="mt-3 grid grid-cols-2 gap-x-4 gap-y-3 *:first:col-span-full @md:grid-cols-3 @md:*:first:col-span-1">
        <SchemaForm fields={chosen?.fields ?? []} draft={draft} faults={faults} onChange={onChange} />
      </div>
      <p className={`mt-2 text-xs ${faults[field.pointer] ? 'font-medium text-down' : 'text-quiet'}`}>
        {faults[field.pointer] ? `✕ ${faults[field.pointer]}` : field.help}
      </p>
    </fieldset>
  );
}

/** JSON, as it stands in a file. */
function Document({ field, draft, faults, onChange }: One<'document'>) {
  return (
    <div className="col-span-full">
      <Field label={field.label} help={field.help} fault={faults[field.pointer]} optional={!field.required}>
        {(attributes) => (
          <textarea
            {...attributes}
            className="input font-mono text-xs"
            rows={field.required ? 10 : 3}
            spellCheck={false}
            required={field.required}
            placeholder={placeholderOf(field)}
            value={draft[field.pointer] ?? ''}
            onChange={(event) => onChange(field.pointer, event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}

function Single({ field, draft, faults, onChange }: One<'text' | 'whole' | 'number' | 'switch' | 'choice'>) {
  const value = draft[field.pointer] ?? '';
  const change = (text: string) => onChange(field.pointer, text);
  if (field.kind === 'switch') return <Switch field={field} value={value} onChange={change} />;
  const isNumber = field.kind === 'whole' || field.kind === 'number';
  const help = [field.help, isNumber ? numberText(field) : ''].filter(Boolean).join(' ');
  return (
    <Field
      label={field.label}
      unit={field.kind === 'choice' ? '' : field.unit}
      help={help}
      fault={faults[field.pointer]}
      optional={!field.required && field.kind !== 'choice'}
    >
      {(attributes) =>
        field.kind === 'choice' ? (
          <select {...attributes} className="input" value={value} onChange={(event) => change(event.target.value)}>
            {field.options.map((option) => (
              <option key={option}>{option}</option>
            ))}
          </select>
        ) : (
          <input
            {...attributes}
            className="input num"
            inputMode={field.kind === 'whole' ? 'numeric' : 'decimal'}
            autoComplete="off"
            required={field.required}
            placeholder={placeholderOf(field)}
            value={value}
            onChange={(event) => change(event.target.value)}
          />
        )
      }
    </Field>
  );
}

function placeholderOf(field: Extract<SchemaField, { kind: 'text' | 'document' | 'whole' | 'number' }>): string {
  if (field.fallback !== '') return field.fallback;
  return 'example' in field && field.example !== '' ? `e.g. ${field.example}` : '';
}

interface SwitchProps {
  readonly field: SchemaField;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

function Switch({ field, value, onChange }: SwitchProps) {
  return (
    <div className="flex flex-col gap-1.5">
      <span className="text-sm font-semibold">{field.label}</span>
      <label className="flex min-h-10 cursor-pointer items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          className="size-4.5 accent-(--accent)"
          checked={value === 'true'}
          onChange={(event) => onChange(String(event.target.checked))}
        />
        {value === 'true' ? 'On' : 'Off'}
        <span className="sr-only">: {field.label}</span>
      </label>
      <p className="text-xs text-quiet">{field.help}</p>
    </div>
  );
}
