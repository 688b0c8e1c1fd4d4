import { OctagonX } from 'lucide-react';
import { useState } from 'react';
import { command } from '../api/session.js';
import type { TradingStateRow } from '../domain/rows.js';
import { ago } from '../domain/time.js';
import { useChannel } from '../live/live-provider.js';
import { useNow } from '../ui/clock.js';
import { Confirm } from '../ui/confirm.js';
import { toastDone } from '../ui/toast.js';

/** On every screen until somebody releases it. */
export function HaltBanner() {
  const state = useChannel<TradingStateRow>('state')?.[0];
  const now = useNow();
  const [asking, setAsking] = useState(false);
  if (state?.state !== 'halted') return null;
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2 bg-danger px-3 py-2.5 text-white md:px-6">
      <OctagonX aria-hidden="true" className="size-5 flex-none" />
      <p className="min-w-0 flex-1 text-sm">
        <strong>Trading is halted.</strong> No new position is opened; exits go on.{' '}
        {state.text === '' ? '' : `“${state.text}” `}
        {state.since === null ? '' : <span className="whitespace-nowrap">({ago(state.since, now)})</span>}
      </p>
      <button
        type="button"
        className="button small border-white/50 bg-transparent text-white"
        onClick={() => setAsking(true)}
      >
        Release
      </button>
      {asking ? (
        <Confirm
          title="Release trading?"
          confirm="Release"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await command('POST', '/v1/release', { text: '' });
            toastDone('Trading is released');
          }}
        >
          Bots that are running open new positions again. Bots that were stopped stay stopped.
        </Confirm>
      ) : null}
    </div>
  );
}
