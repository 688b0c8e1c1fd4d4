import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  readonly help?: ReactNode;
  readonly fault?: string | undefined;
  readonly optional?: boolean;
  readonly unit?: string;
  /** What to spread on the input: its id, and who describes it. */
  readonly children: (attributes: InputAttributes) => ReactNode;
}

export interface InputAttributes {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

/** A label, an input, its help and what is wrong with it, tied together for everybody. */
export function Field({ label, help, fault, optional = false, unit = '', children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const bad = fault !== undefined && fault !== '';
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="flex items-baseline justify-between gap-2 text-sm font-semibold">
        <span>{label}</span>
        {optional ? <span className="text-xs font-normal text-quiet">optional</span> : null}
      </label>
      <div className="relative">
        {children({ id, 'aria-describedby': noteId, 'aria-invalid': bad })}
        {unit === '' ? null : (
          <span
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-sm text-quiet"
          >
            {unit}
          </span>
        )}
      </div>
      <p id={noteId} className={`text-xs break-words ${bad ? 'font-medium text-down' : 'text-quiet'}`}>
        {bad ? `✕ ${fault}` : help}
      </p>
    </div>
  );
}
