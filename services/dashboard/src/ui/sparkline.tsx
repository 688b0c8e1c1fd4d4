import { useMemo } from 'react';
import { sparkPath } from '../domain/spark-path.js';

/** A course without figures; they stand beside it. */
export function Sparkline({ values, rising }: { readonly values: readonly string[]; readonly rising: boolean }) {
  const path = useMemo(() => sparkPath(values), [values]);
  return (
    <svg
      viewBox="0 0 100 32"
      preserveAspectRatio="none"
      aria-hidden="true"
      className={`course h-10 w-full ${rising ? 'text-up' : 'text-down'}`}
    >
      {path === '' ? (
        <line x1="0" x2="100" y1="16" y2="16" stroke="var(--line)" vectorEffect="non-scaling-stroke" />
      ) : (
        <>
          <path d={`${path} L100,32 L0,32 Z`} fill="currentColor" opacity="0.1" />
          <path d={path} fill="none" stroke="currentColor" strokeWidth="1.6" vectorEffect="non-scaling-stroke" />
        </>
      )}
    </svg>
  );
}
