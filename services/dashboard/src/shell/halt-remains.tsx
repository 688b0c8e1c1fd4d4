import { OctagonX } from 'lucide-react';
import { useState } from 'react';
import { useForgetRiskState } from '../api/lists.js';
import { command } from '../api/session.js';
import { isNothing, remainingWords } from '../domain/halt-remains.js';
import { timeOf } from '../domain/time.js';
import type { HaltReply } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { Modal } from '../ui/modal.js';
import { toastDone } from '../ui/toast.js';
import { FlatProof } from './flat-proof.js';
import { HaltFault } from './halt-fault.js';
import { keepHalt, useHaltLeft } from './halt-left.js';
import { RemainingItems } from './remaining-items.js';

interface HaltRemainsProps {
  readonly onClose: () => void;
  /** A halt that was just answered, also one that has left nothing. */
  readonly halted?: HaltReply | null;
}

/** What a halt was asked for and has not done, why, and what to do: until it is nothing. */
export function HaltRemains({ onClose, halted = null }: HaltRemainsProps) {
  const left = useHaltLeft();
  const reply = left?.reply ?? halted;
  const forget = useForgetRiskState();
  const now = useNow();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const repeat = async ({ text, level, scope }: HaltReply) => {
    setBusy(true);
    setFault(null);
    try {
      const reply = await command<HaltReply>('POST', '/v1/halt', { text, level, scope });
      keepHalt(reply);
      void forget();
      if (isNothing(reply.remaining)) toastDone('The halt is complete', 'Nothing stays.');
    } catch (error) {
      setFault(error);
    }
    setBusy(false);
  };
  return (
    <Modal
      title={left === null ? 'The halt is complete' : 'Halted, and this stays'}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
          {left === null ? null : (
            <button type="button" className="button danger" disabled={busy} onClick={() => void repeat(left.reply)}>
              <OctagonX aria-hidden="true" className="size-4" />
              {busy ? 'Halting …' : 'Repeat the halt'}
            </button>
          )}
        </>
      }
    >
      {left === null ? (
        <p role="status" className="text-sm">
          Nothing stays of what it was asked for.
        </p>
      ) : (
        <>
          <p className="text-sm">
            Nothing new is opened. Of what was asked for{' '}
            {left.reply.since === null ? '' : `at ${timeOf(left.reply.since, now)} `}
            <strong>
              {left.remaining.items.length === 0 ? '' : 'there stay '}
              {remainingWords(left.remaining)}
            </strong>
            . What is seen to be done since is taken off this list by itself.
          </p>
          <RemainingItems items={left.remaining.items} />
        </>
      )}
      {reply?.level === 'flatten' ? <FlatProof scope={reply.scope} /> : null}
      {fault === null ? null : <HaltFault error={fault} />}
    </Modal>
  );
}
