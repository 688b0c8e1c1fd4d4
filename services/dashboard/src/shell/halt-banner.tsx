import { OctagonX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { forgetLostCommands } from '../api/session.js';
import { haltedWords, reducingWords } from '../domain/halt.js';
import { remainingWords } from '../domain/halt-remains.js';
import { ago } from '../domain/time.js';
import { useNow } from '../ui/clock.js';
import { useHaltLeft } from './halt-left.js';
import { HaltRemains } from './halt-remains.js';
import { ReleaseDialog, useHalt } from './release.js';

/** On every screen until somebody releases it. */
export function HaltBanner() {
  const halt = useHalt();
  const now = useNow();
  const left = useHaltLeft();
  const [asking, setAsking] = useState(false);
  const [looking, setLooking] = useState(false);
  const halted = halt !== null;
  useEffect(() => {
    // After a release, by whomever, a halt halts anew.
    if (!halted) forgetLostCommands();
  }, [halted]);
  if (halt === null) return null;
  const { row, scope, mayRelease } = halt;
  return (
    <>
      <div
        role="alert"
        className="flex flex-wrap items-center gap-x-4 gap-y-2 bg-danger px-3 py-2.5 text-white md:px-6"
      >
        <OctagonX aria-hidden="true" className="size-5 flex-none" />
        <p className="min-w-0 flex-1 basis-72 text-sm">
          <strong>
            {scope === 'platform' ? 'The whole platform' : 'Trading'}{' '}
            {row.state === 'halted' ? 'is halted.' : 'only reduces positions.'}
          </strong>{' '}
          {row.state === 'halted' ? haltedWords : reducingWords} {row.text === '' ? '' : `“${row.text}” `}
          {row.since === null ? '' : <span className="whitespace-nowrap">({ago(row.since, now)})</span>}
          {left === null ? null : (
            <strong className="block">✕ Of the last halt there stays: {remainingWords(left.remaining)}.</strong>
          )}
          {mayRelease || scope === null ? null : (
            <span className="block">
              {scope === 'platform'
                ? 'The role risk or an administrator releases it.'
                : 'Your role may look, not release it.'}
            </span>
          )}
        </p>
        {left === null ? null : (
          <button
            type="button"
            className="button small border-white bg-white text-danger"
            onClick={() => setLooking(true)}
          >
            What stays
          </button>
        )}
        {mayRelease && scope !== null ? (
          <button
            type="button"
            className="button small border-white/50 bg-transparent text-white"
            onClick={() => setAsking(true)}
          >
            Release
          </button>
        ) : null}
      </div>
      {looking ? <HaltRemains onClose={() => setLooking(false)} /> : null}
      {asking && scope !== null ? <ReleaseDialog scope={scope} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
