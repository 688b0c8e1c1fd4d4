import { h } from './dom.js';

const shownMs = 8_000;
const toastsMax = 4;

function toast(kind, title, detail, foot = '') {
  const host = document.getElementById('toasts');
  const close = h(
    'button',
    { class: 'ghost small', type: 'button', 'aria-label': 'Dismiss', onclick: () => element.remove() },
    '✕',
  );
  const element = h(
    'div',
    { class: `toast toast-${kind}`, role: kind === 'error' ? 'alert' : 'status' },
    h(
      'div',
      { class: 'toast-body' },
      h('strong', {}, title),
      detail ? h('p', {}, detail) : null,
      foot ? h('code', {}, foot) : null,
    ),
    close,
  );
  host.append(element);
  while (host.children.length > toastsMax) host.firstElementChild.remove();
  setTimeout(() => element.remove(), shownMs);
}

export const toastDone = (title, detail) => toast('done', title, detail);

/** What went wrong, what to do next, and the number to quote. */
export function toastProblem(error) {
  const problem = error.problem ?? { title: 'Something broke on this page', detail: error.message };
  const next = problem.errors?.[0]?.next ?? '';
  const foot = [problem.code, problem.request_id].filter(Boolean).join(' · ');
  toast('error', problem.title ?? 'That did not work', [problem.detail, next].filter(Boolean).join(' '), foot);
}
