import { type FormEvent, useEffect, useRef, useState } from 'react';
import { asProblem, type Problem } from '../domain/problem.js';
import { sortRefusals } from '../domain/refused-fields.js';

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
    /** What was refused is forgotten once something is changed. */
    forget: () => setProblem(null),
    onSubmit: (event: FormEvent) => void onSubmit(event),
  };
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
        ✕ {problem.title.replace(/\.$/, '')}. See the marked fields. <code className="text-xs">{problem.code}</code>
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
