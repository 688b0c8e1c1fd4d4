import { CloudOff, Lock, RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { asProblem, nextStepOf, toldOf } from '../domain/problem.js';
import { holdersOf, type Right } from '../domain/roles.js';

interface EmptyProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Says what would be here and what to do to get it. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-10 text-center">
      {icon === undefined ? null : (
        <span aria-hidden="true" className="grid size-12 place-items-center rounded-full bg-raised text-quiet">
          {icon}
        </span>
      )}
      <p className="font-semibold">{title}</p>
      {children === undefined ? null : <div className="max-w-prose text-sm text-quiet">{children}</div>}
      {action === undefined ? null : <div className="mt-2">{action}</div>}
    </div>
  );
}

interface ProblemPanelProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** Where the page tells the next step itself. */
  readonly withoutNext?: boolean;
}

/** What was refused, its code, the next step, and the number to quote. */
export function ProblemPanel({ error, onRetry, withoutNext = false }: ProblemPanelProps) {
  const problem = asProblem(error);
  const told = toldOf(problem);
  const next = withoutNext ? '' : nextStepOf(problem);
  return (
    <div role="alert" className="flex items-start gap-3 p-5">
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-5 flex-none text-down" />
      <div className="min-w-0 text-sm">
        <p className="font-semibold">{problem.title}</p>
        {told === problem.title ? null : <p className="text-quiet">{told}</p>}
        {next === '' ? null : <p className="mt-1">{next}</p>}
        <p className="mt-1 font-mono text-xs text-quiet">
          {problem.code}
          {problem.request_id === undefined ? '' : ` · ${problem.request_id}`}
        </p>
        {onRetry === undefined ? null : (
          <button type="button" className="button small mt-3" onClick={onRetry}>
            <RotateCw aria-hidden="true" className="size-4" /> Try again
          </button>
        )}
      </div>
    </div>
  );
}

/** What the role of the user does not reach. The gateway would say the same; here it is told before anything is typed. */
export function Forbidden({ what, needs = 'trader' }: { readonly what: string; readonly needs?: Right }) {
  return (
    <Empty icon={<Lock className="size-6" />} title="Your role may look, not act">
      <p>
        {what} needs the role {holdersOf(needs)}. Ask an administrator for it. <code>FORBIDDEN</code>
      </p>
    </Empty>
  );
}

/** The stream that would fill this is not there. */
export function Waiting({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <Empty
      icon={<CloudOff className="size-6" />}
      title="Waiting for the live connection"
      action={
        <button type="button" className="button small" onClick={onRetry}>
          <RotateCw aria-hidden="true" className="size-4" /> Connect now
        </button>
      }
    >
      <p>
        The gateway does not answer. This fills by itself as soon as it does. <code>STREAM_UNREACHABLE</code>
      </p>
    </Empty>
  );
}

/** The shape of what comes, so that nothing jumps when it is there. */
export function Skeleton({ rows = 3, height = '3rem' }: { readonly rows?: number; readonly height?: string }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3 p-5">
      {Array.from({ length: rows }, (_, index) => `row-${index}`).map((key) => (
        <div key={key} className="skeleton" style={{ height }} />
      ))}
    </div>
  );
}
