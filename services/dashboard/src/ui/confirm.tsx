import { type ReactNode, useState } from 'react';
import { ProblemPanel } from './data-state.js';
import { Modal } from './modal.js';

interface ConfirmProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly onClose: () => void;
  /** The dialog closes when it is done, and stays with the reason when it is refused. */
  readonly onConfirm: () => Promise<void>;
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, children, confirm, danger = false, onClose, onConfirm }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const go = async () => {
    setBusy(true);
    setFault(null);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setFault(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className={`button ${danger ? 'danger' : 'primary'}`}
            disabled={busy}
            onClick={() => void go()}
          >
            {confirm}
          </button>
        </>
      }
    >
      <div className="text-sm">{children}</div>
      {fault === null ? null : <ProblemPanel error={fault} />}
    </Modal>
  );
}
