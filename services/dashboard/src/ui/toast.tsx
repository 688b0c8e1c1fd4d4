import { CircleCheck, CircleX, X } from 'lucide-react';
import { asProblem, nextStepOf, toldOf } from '../domain/problem.js';
import { Store, useStore } from './store.js';

interface Toast {
  readonly id: number;
  readonly tone: 'done' | 'refused';
  readonly title: string;
  readonly detail: string;
  readonly code: string;
}

const shownMax = 4;
const lifeMs = { done: 4_000, refused: 12_000 } as const;
const toasts = new Store<readonly Toast[]>([]);
let count = 0;

function show(toast: Omit<Toast, 'id'>): void {
  count += 1;
  const id = count;
  toasts.set([...toasts.get(), { ...toast, id }].slice(-shownMax));
  setTimeout(() => dismiss(id), lifeMs[toast.tone]);
}

const dismiss = (id: number): void => toasts.set(toasts.get().filter((toast) => toast.id !== id));

export const toastDone = (title: string, detail = ''): void => show({ tone: 'done', title, detail, code: '' });

export function toastRefused(error: unknown): void {
  const problem = asProblem(error);
  show({ tone: 'refused', title: toldOf(problem), detail: nextStepOf(problem), code: problem.code });
}

/** What just happened. Refusals interrupt a reader, successes wait their turn. */
export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div className="pointer-events-none fixed inset-x-3 bottom-20 z-50 flex flex-col items-end gap-2 md:inset-x-auto md:right-5 md:bottom-5">
      {shown.map((toast) => (
        <div
          key={toast.id}
          role={toast.tone === 'done' ? 'status' : 'alert'}
          className="card pointer-events-auto flex w-full items-start gap-3 bg-raised p-3 md:w-96"
        >
          {toast.tone === 'done' ? (
            <CircleCheck aria-hidden="true" className="mt-0.5 size-5 flex-none text-up" />
          ) : (
            <CircleX aria-hidden="true" className="mt-0.5 size-5 flex-none text-down" />
          )}
          <div className="min-w-0 flex-1 text-sm">
            <p className="font-semibold break-words">{toast.title}</p>
            {toast.detail === '' ? null : <p className="text-quiet break-words">{toast.detail}</p>}
            {toast.code === '' ? null : <p className="mt-1 font-mono text-xs text-quiet">{toast.code}</p>}
          </div>
          <button
            type="button"
            className="grid size-6 flex-none place-items-center rounded text-quiet"
            aria-label="Dismiss"
            onClick={() => dismiss(toast.id)}
          >
            <X aria-hidden="true" className="size-4" />
          </button>
        </div>
      ))}
    </div>
  );
}
