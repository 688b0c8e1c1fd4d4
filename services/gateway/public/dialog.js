import { h } from './dom.js';

/**
 * Asks before something that cannot be taken back. Resolves with the text that was entered ('' without a field), or null.
 * @param {{title: string, lines: string[], confirm: string, danger?: boolean, field?: string}} wanted
 * @returns {Promise<string | null>}
 */
export function ask({ title, lines, confirm, danger = true, field }) {
  return new Promise((resolve) => {
    const input = field ? h('input', { type: 'text', maxlength: '200', id: 'dialog-text', autocomplete: 'off' }) : null;
    const dialog = h(
      'dialog',
      { class: 'dialog', 'aria-labelledby': 'dialog-title' },
      h(
        'form',
        { method: 'dialog' },
        h('h2', { id: 'dialog-title' }, title),
        ...lines.map((line) => h('p', {}, line)),
        input ? h('label', { for: 'dialog-text', class: 'field' }, h('span', {}, field), input) : null,
        h(
          'div',
          { class: 'dialog-actions' },
          h('button', { class: 'button', type: 'submit', value: 'no', autofocus: danger }, 'Cancel'),
          h(
            'button',
            { class: `button ${danger ? 'danger solid' : 'primary'}`, type: 'submit', value: 'yes' },
            confirm,
          ),
        ),
      ),
    );
    // Enter in the field would press the first button, which is Cancel.
    input?.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      dialog.close('yes');
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes' ? (input?.value.trim() ?? '') : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
