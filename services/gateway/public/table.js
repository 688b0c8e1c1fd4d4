import { h, keyedList, setAttribute, setText } from './dom.js';

/**
 * A table whose rows become cards on a narrow screen.
 * @param {{caption: string, keyOf: Function, columns: {label: string, value: Function, tone?: Function, number?: boolean, cell?: Function}[]}} wanted
 */
export function table({ caption, keyOf, columns }) {
  const body = h('tbody');
  const head = h(
    'tr',
    {},
    ...columns.map(({ label, number }) => h('th', { scope: 'col', class: number ? 'number' : null }, label)),
  );
  const element = h(
    'div',
    { class: 'table-box', tabindex: '0', role: 'group', 'aria-label': caption },
    h('table', {}, h('caption', { class: 'unseen' }, caption), h('thead', {}, head), body),
  );
  const create = (first) => {
    const cells = columns.map(({ label, number, cell }) => {
      const made = cell?.(first);
      const td = h('td', { dataset: { label }, class: number ? 'number' : null }, made?.element ?? null);
      return { td, made };
    });
    const update = (row) => {
      for (const [index, { value, tone }] of columns.entries()) {
        const { td, made } = cells[index];
        if (made) made.update(row);
        else setText(td, value(row));
        if (tone) setAttribute(td, 'data-tone', tone(row));
      }
    };
    return { element: h('tr', {}, ...cells.map(({ td }) => td)), update };
  };
  return { element, render: keyedList(body, { keyOf, create }) };
}
