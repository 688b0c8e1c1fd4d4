import { logIn, Refused, setUp, setupNeeded } from './api.js';
import { h, setText } from './dom.js';

const passwordHint = 'At least 12 characters; a sentence is better than a puzzle.';

/** Log-in, or the set-up of the first user when there is none. */
export function entrance({ onDone }) {
  const card = h(
    'div',
    { class: 'entrance-card' },
    brand(),
    h('p', { class: 'muted', role: 'status' }, 'Looking for the gateway …'),
  );
  const load = () =>
    setupNeeded().then(
      (needed) => card.replaceChildren(brand(), needed ? setupForm(onDone, load) : logInForm(onDone)),
      (error) => card.replaceChildren(brand(), unreachable(error, load)),
    );
  load();
  return h('main', { id: 'main', class: 'entrance', tabindex: '-1' }, card);
}

const brand = () =>
  h(
    'div',
    { class: 'brand brand-large' },
    h('img', { src: '/assets/mark.svg', alt: '', width: '40', height: '40' }),
    h('span', {}, 'Scalpstorm'),
  );

function unreachable(error, retry) {
  return h(
    'div',
    { role: 'alert', class: 'stack' },
    h('h1', {}, 'No connection'),
    h('p', { class: 'muted' }, error.message),
    h('button', { class: 'button primary', type: 'button', onclick: retry }, 'Try again'),
  );
}

function field({ name, label, type, autocomplete, hint }) {
  const input = h('input', {
    name,
    type,
    autocomplete,
    required: true,
    id: `entrance-${name}`,
    'aria-describedby': `entrance-${name}-note`,
  });
  const note = h('small', { id: `entrance-${name}-note`, class: 'note' }, hint ?? '');
  return {
    input,
    note,
    hint: hint ?? '',
    element: h('label', { class: 'field', for: `entrance-${name}` }, h('span', {}, label), input, note),
  };
}

function form({ title, lead, fields, submit, work }) {
  const fault = h('p', { class: 'fault', role: 'alert' });
  const button = h('button', { class: 'button primary wide', type: 'submit' }, submit);
  const onsubmit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    setText(fault, '');
    for (const { input, note, hint } of fields) {
      input.removeAttribute('aria-invalid');
      setText(note, hint);
    }
    try {
      await work(Object.fromEntries(fields.map(({ input }) => [input.name, input.value])));
    } catch (error) {
      showFaults(error, fields, fault);
      button.disabled = false;
    }
  };
  return h(
    'form',
    { class: 'stack', onsubmit },
    h('h1', {}, title),
    lead ? h('p', { class: 'muted' }, lead) : null,
    ...fields.map(({ element }) => element),
    fault,
    button,
  );
}

function showFaults(error, fields, fault) {
  const problem = error instanceof Refused ? error.problem : { detail: error.message };
  let placed = 0;
  for (const { pointer, detail, allowed, next } of problem.errors ?? []) {
    const target = fields.find(({ input }) => `/${input.name}` === pointer);
    if (target === undefined) continue;
    placed += 1;
    target.input.setAttribute('aria-invalid', 'true');
    setText(target.note, [detail, allowed && `Allowed: ${allowed}.`, next].filter(Boolean).join(' '));
    if (placed === 1) target.input.focus();
  }
  if (placed === 0) setText(fault, [problem.title, problem.errors?.[0]?.next].filter(Boolean).join('. '));
}

function logInForm(onDone) {
  const fields = [
    field({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username' }),
    field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' }),
  ];
  const work = async (values) => {
    await logIn(values);
    onDone();
  };
  return form({ title: 'Log in', lead: null, fields, submit: 'Log in', work });
}

function setupForm(onDone, reload) {
  const fields = [
    field({
      name: 'token',
      label: 'Set-up token',
      type: 'password',
      autocomplete: 'off',
      hint: 'Printed where the platform was started.',
    }),
    field({ name: 'email', label: 'Your e-mail', type: 'email', autocomplete: 'username' }),
    field({
      name: 'password',
      label: 'New password',
      type: 'password',
      autocomplete: 'new-password',
      hint: passwordHint,
    }),
  ];
  const work = async (values) => {
    try {
      await setUp(values);
    } catch (error) {
      if (error instanceof Refused && error.problem.code === 'ALREADY_SET_UP') return reload();
      throw error;
    }
    onDone();
  };
  return form({
    title: 'Welcome',
    lead: 'This platform has no user yet. The first one sets it up.',
    fields,
    submit: 'Set up',
    work,
  });
}
