import { GitCompareArrows } from 'lucide-react';
import type { ConflictLine } from '../domain/edit-conflict.js';

interface EditConflictProps {
  readonly lines: readonly ConflictLine[];
  /** Whether anything was typed here that could be lost. */
  readonly touched: boolean;
  readonly onKeep: () => void;
  readonly onLoad: () => void;
}

/** Somebody else changed the bot meanwhile: what, and the two ways on. Nothing of theirs is overwritten unseen. */
export function EditConflict({ lines, touched, onKeep, onLoad }: EditConflictProps) {
  return (
    <section
      role="alert"
      aria-label="Changed meanwhile"
      className="card flex flex-col gap-3 border-warn/60 bg-notice p-4 text-sm"
    >
      <p className="flex items-start gap-2 font-semibold">
        <GitCompareArrows aria-hidden="true" className="mt-0.5 size-4 flex-none text-warn" />
        Somebody else changed this bot since you opened it.
      </p>
      {lines.length === 0 ? (
        <p>By now it reads as it did; save again.</p>
      ) : (
        <dl className="flex flex-col gap-2">
          {lines.map(({ label, before, now, mine }) => (
            <div key={label} className="min-w-0">
              <dt className="text-xs text-quiet">{label}</dt>
              <dd className="num break-words">
                <del className="text-quiet">{before}</del> → <strong>{now}</strong>
                {mine === null ? null : <span className="block">you typed {mine}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button small primary" onClick={onKeep}>
          {wayOn(touched, lines.length > 0)}
        </button>
        {touched && lines.length > 0 ? (
          <button type="button" className="button small" onClick={onLoad}>
            Load it anew, without mine
          </button>
        ) : null}
      </div>
    </section>
  );
}

function wayOn(touched: boolean, differs: boolean): string {
  if (!differs) return 'Go on';
  return touched ? 'Take theirs in, keep what I typed' : 'Take theirs in';
}
