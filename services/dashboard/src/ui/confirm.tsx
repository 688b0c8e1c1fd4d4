import { type ReactNode, useId, useState } from 'react';
import { ProblemPanel } from './data-state.js';
import { Field } from './field.js';
import { Modal } from './modal.js';

interface ConfirmProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly confirm: string;
  readonly danger?: boolean;
  /** What leaves it as it is; another word where what is asked for is a cancel itself. */
  readonly dismiss?: string;
  /** A word that is typed before it can be pressed: for what meets everybody. */
  readonly typed?: string | null;
  readonly onClose: () => void;
  /** The dialog closes when it is done, and stays with the reason when it is refused. */
  readonly onConfirm: () => Promise<void>;
}

/** Asks before something that cannot be undone. */
export function Confirm(props: ConfirmProps) {
  const { title, children, confirm, danger = false, dismiss = 'Cancel', typed = null, onClose, onConfirm } = props;
  const [busy, setBusy] = useState(false);
  const [word, setWord] = useState('');
  const [fault, setFault] = useState<unknown>(null);
  const form = useId();
  const isTyped = typed === null || word.trim().toUpperCase() === typed;
  const go = async () => {
    if (!isTyped || busy) return;
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
            {dismiss}
          </button>
          <button
            type="submit"
            form={form}
            className={`button ${danger ? 'danger' : 'primary'}`}
            disabled={busy || !isTyped}
          >
            {confirm}
          </button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <div className="text-sm">{children}</div>
        {typed === null ? null : (
          <Field label={`Type ${typed} to confirm`}>
            {(attributes) => (
              <input
                {...attributes}
                className="input"
                autoComplete="off"
                autoCapitalize="characters"
                value={word}
                onChange={(event) => setWord(event.target.value)}
              />
            )}
          </Field>
        )}
      </form>
      {fault === null ? null : <ProblemPanel error={fault} />}
    </Modal>
  );
}
