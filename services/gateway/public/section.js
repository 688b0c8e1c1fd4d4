import { h, setText } from './dom.js';

/**
 * A titled part of the page with its states: loading (rows is null), empty, and data.
 * @param {{title: string, loading: string, empty: string, tools?: Node[]}} wanted
 */
export function section({ title, loading, empty, tools = [] }, content) {
  const id = `section-${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
  const count = h('span', { class: 'count' });
  const note = h('p', { class: 'state', role: 'status' }, loading);
  const skeleton = h('div', { class: 'skeleton', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
  const element = h(
    'section',
    { class: 'section', 'aria-labelledby': id },
    h('div', { class: 'section-head' }, h('h2', { id }, title), count, h('div', { class: 'spacer' }), ...tools),
    note,
    skeleton,
    content,
  );
  const show = (rows, emptyWords = empty) => {
    const waiting = rows === null;
    const none = !waiting && rows.length === 0;
    note.hidden = !waiting && !none;
    skeleton.hidden = !waiting;
    content.hidden = waiting || none;
    setText(note, waiting ? loading : emptyWords);
    setText(count, waiting ? '' : String(rows.length));
  };
  return { element, show };
}
