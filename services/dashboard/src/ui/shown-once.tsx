import { Check, Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Modal } from './modal.js';

interface ShownOnceProps {
  readonly title: string;
  readonly secret: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

/** The one time that a secret is on a screen. */
export function ShownOnce({ title, secret, children, onClose }: ShownOnceProps) {
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <button type="button" className="button primary" onClick={onClose}>
          I have kept it
        </button>
      }
    >
      <p className="text-sm">{children}</p>
      <div className="mt-3 flex items-start gap-2">
        <code className="input flex-1 py-2 text-xs break-all">{secret}</code>
        <CopyButton text={secret} />
      </div>
    </Modal>
  );
}

export function CopyButton({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        // Browsers give the clipboard on secure origins only; elsewhere the text can still be marked.
        navigator.clipboard?.writeText(text).then(
          () => setCopied(true),
          () => setCopied(false),
        );
      }}
    >
      {copied ? <Check aria-hidden="true" className="size-4" /> : <Copy aria-hidden="true" className="size-4" />}
      {copied ? 'Copied' : 'Copy'}
    </button>
  );
}
