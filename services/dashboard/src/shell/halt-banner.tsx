import { OctagonX } from 'lucide-react';
import { useState } from 'react';
import { ago } from '../domain/time.js';
import { useNow } from '../ui/clock.js';
import { ReleaseDialog, useHalt } from './release.js';

/** On every screen until somebody releases it. */
export function HaltBanner() {
  const halt = useHalt();
  const now = useNow();
  const [asking, setAsking] = useState(false);
  if (halt === null) return null;
  const { row, scope, mayRelease } = halt;
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2 bg-danger px-3 py-2.5 text-white md:px-6">
      <OctagonX aria-hidden="true" className="size-5 flex-none" />
      <p className="min-w-0 flex-1 text-sm">
        <strong>{scope === 'platform' ? 'The whole platform is halted.' : 'Trading is halted.'}</strong> No new position
        is opened; exits go on. {row.text === '' ? '' : `“${row.text}” `}
        {row.since === null ? '' : <span className="whitespace-nowrap">({ago(row.since, now)})</span>}
        {mayRelease || scope === null ? null : (
          <span className="block">
            {scope === 'platform' ? 'An administrator releases it.' : 'Your role may look, not release it.'}
          </span>
        )}
      </p>
      {mayRelease && scope !== null ? (
        <button
          type="button"
          className="button small border-white/50 bg-transparent text-white"
          onClick={() => setAsking(true)}
        >
          Release
        </button>
      ) : null}
      {asking && scope !== null ? <ReleaseDialog scope={scope} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}
