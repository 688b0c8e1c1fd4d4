/**
 * Makes an element. Text is always set as text, so nothing that a server or a user wrote is ever read as markup.
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `class`, `on…` listeners, `dataset`, or any attribute; null and false leave it out
 * @param {...(Node | string | null)} children
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'dataset') Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Writes only what differs: most values of a screen do not change with most frames. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (value === null || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, String(value));
  }
}

/** A list whose elements are kept by key, so that focus and selection survive an update. */
export function keyedList(container, { keyOf, create }) {
  const shown = new Map();
  return (rows) => {
    const wanted = new Set(rows.map(keyOf));
    for (const [key, item] of shown) {
      if (wanted.has(key)) continue;
      item.element.remove();
      shown.delete(key);
    }
    let previous = null;
    for (const row of rows) {
      const key = keyOf(row);
      let item = shown.get(key);
      if (item === undefined) {
        item = create(row);
        shown.set(key, item);
      }
      item.update(row);
      const place = previous === null ? container.firstElementChild : previous.nextElementSibling;
      if (place !== item.element) container.insertBefore(item.element, place);
      previous = item.element;
    }
  };
}

/** A drawn sign beside a word; never the only carrier of a meaning. */
export function icon(name) {
  return h('span', { class: `icon icon-${name}`, 'aria-hidden': 'true' });
}
