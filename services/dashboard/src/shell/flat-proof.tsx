import { CircleAlert, CircleCheck, CircleX } from 'lucide-react';
import { useHaltProof } from '../api/lists.js';
import { dustSentence, openLines, type ProofLine, proofSentence } from '../domain/flat-proof.js';
import type { HaltScope } from '../domain/halt.js';
import { timeOf } from '../domain/time.js';
import type { HaltProof } from '../generated/api.js';
import { useBotNames } from '../live/use-names.js';
import { useNow } from '../ui/clock.js';
import { ProblemPanel } from '../ui/data-state.js';
import { Modal } from '../ui/modal.js';

/** What the venues themselves say of what is open, asked again until it is flat. */
export function FlatProof({ scope }: { readonly scope: HaltScope }) {
  const proof = useHaltProof(scope);
  return (
    <section aria-label="Proof of flat" className="mt-4 rounded-xl border border-line p-3 text-sm">
      {proof.isError ? <ProblemPanel error={proof.error} onRetry={() => void proof.refetch()} /> : null}
      {proof.data === undefined ? (
        proof.isError ? null : (
          <p role="status" className="text-quiet">
            The venues are asked whether anything is open …
          </p>
        )
      ) : (
        <Told proof={proof.data} />
      )}
    </section>
  );
}

function Told({ proof }: { readonly proof: HaltProof }) {
  const now = useNow();
  const names = useBotNames();
  const dust = dustSentence(proof);
  return (
    <>
      <p role="status" className="flex items-start gap-2 font-semibold">
        <Sign flat={proof.flat} />
        <span className="min-w-0 break-words">{proofSentence(proof, (iso) => timeOf(iso, now))}</span>
      </p>
      {proof.flat !== true || proof.halted ? null : (
        <p className="mt-1 text-warn">Trading is not halted there: what is flat now may not be so in a moment.</p>
      )}
      <Lines label="What is open" lines={openLines(proof, names)} />
      <Lines
        label="What could not be proven"
        lines={proof.unproven.map(({ account, reason, nextStep }) => ({
          key: account,
          what: `Account ${account}: ${reason}`,
          note: nextStep,
        }))}
      />
      {dust === '' ? null : <p className="mt-2 text-quiet">{dust}</p>}
      {proof.flat === true ? null : <p className="mt-2 text-xs text-quiet">Asked again by itself.</p>}
    </>
  );
}

function Sign({ flat }: Pick<HaltProof, 'flat'>) {
  const look = 'mt-0.5 size-5 flex-none';
  if (flat === true) return <CircleCheck aria-hidden="true" className={`${look} text-up`} />;
  if (flat === null) return <CircleAlert aria-hidden="true" className={`${look} text-warn`} />;
  return <CircleX aria-hidden="true" className={`${look} text-down`} />;
}

function Lines({ label, lines }: { readonly label: string; readonly lines: readonly ProofLine[] }) {
  if (lines.length === 0) return null;
  return (
    <ul aria-label={label} className="mt-2 flex flex-col gap-1.5 border-t border-line pt-2">
      {lines.map(({ key, what, note }) => (
        <li key={key} className="min-w-0">
          <span className="break-words">{what}</span>
          <span className="block break-words text-quiet">{note}</span>
        </li>
      ))}
    </ul>
  );
}

export function FlatProofDialog({ scope, onClose }: { readonly scope: HaltScope; readonly onClose: () => void }) {
  return (
    <Modal title="Proof of flat" onClose={onClose}>
      <p className="text-sm text-quiet">
        The venues are asked for open orders and balances; nothing is changed. It counts what is yours
        {scope === 'platform' ? ' and everybody else’s' : ''}.
      </p>
      <FlatProof scope={scope} />
    </Modal>
  );
}
