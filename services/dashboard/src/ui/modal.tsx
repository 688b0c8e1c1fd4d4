import { X } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

interface ModalProps {
  readonly title: string;
  /** Without it there is no way past: it stays until it is done. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
  /** Always in view, whatever is scrolled above it. */
  readonly footer?: ReactNode;
}

/**
 * A native dialog: the browser traps the focus, closes on Escape, and gives the focus back. It is open while it is there. What it
 * says is scrolled by itself, so that nothing of it is ever behind its buttons.
 */
export function Modal({ title, onClose, children, footer }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before the element leaves the page: a dialog that is gone already gives no focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    if (element !== null && !element.open) element.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      // A browser closes at the second Escape in a row, whatever the first one was told.
      onClose={({ currentTarget }) => {
        if (onClose === undefined && currentTarget.isConnected && !currentTarget.open) currentTarget.showModal();
      }}
      className="card m-auto mb-3 max-h-[calc(100dvh-1.5rem)] w-[calc(100%-1.5rem)] max-w-lg flex-col overflow-hidden p-0 text-base whitespace-normal open:flex md:mb-auto"
    >
      <div className="min-h-0 scroll-pt-18 overflow-y-auto">
        <div className="sticky top-0 z-10 flex items-center justify-between gap-4 border-b border-line bg-panel px-5 py-3.5">
          <h2 id={titleId} className="text-base font-semibold">
            {title}
          </h2>
          {onClose === undefined ? null : (
            <button type="button" className="button ghost square small" aria-label="Close" onClick={onClose}>
              <X aria-hidden="true" className="size-4" />
            </button>
          )}
        </div>
        <div className="px-5 py-4">{children}</div>
      </div>
      {footer === undefined ? null : (
        <div className="flex flex-none flex-wrap justify-end gap-2 border-t border-line px-5 py-3.5 max-sm:*:flex-1">
          {footer}
        </div>
      )}
    </dialog>
  );
}
