import { useEffect, useRef } from 'react';
import { haltDoneOf, haltDoneWords } from '../domain/halt-done.js';
import { isNothing, remainingWords } from '../domain/halt-remains.js';
import { asProblem } from '../domain/problem.js';
import { ProblemPanel } from '../ui/data-state.js';
import { RemainingItems } from './remaining-items.js';

/** Why a halt was refused, and what it did all the same: whoever reads it must not take it for nothing, nor for a halt. */
export function HaltFault({ error }: { readonly error: unknown }) {
  const done = haltDoneOf(asProblem(error));
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // It is below what was filled in: nobody should have to look for it, and a second press is told of anew.
    told.current?.focus({ preventScroll: true });
    told.current?.scrollIntoView({ block: 'start' });
  }, [error]);
  return (
    <div ref={told} tabIndex={-1} className="outline-none">
      <ProblemPanel error={error} withoutNext={done !== null} />
      {done === null ? null : (
        <div data-testid="halt-done" className="text-sm">
          <p>
            Done: {haltDoneWords(done)}; <strong>whether the halt stands is not known.</strong> Repeat it: it is the
            same halt, and goes on.
          </p>
          {isNothing(done.remaining) ? null : (
            <>
              <p className="mt-1">Left: {remainingWords(done.remaining)}.</p>
              <RemainingItems items={done.remaining.items} />
            </>
          )}
        </div>
      )}
    </div>
  );
}
