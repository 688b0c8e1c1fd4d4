/** Markup. Whatever is put between becomes text, so that a name with `<script>` in it stays a name. */
export class Html {
  constructor(readonly markup: string) {}
}

export type Part = string | number | Html | null | false | readonly Part[];

/** Text is escaped, markup is not, null and false are nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((piece, at) => (at === 0 ? '' : markupOf(parts[at - 1] ?? null)) + piece).join(''));
}

function markupOf(part: Part): string {
  if (part === null || part === false) return '';
  if (part instanceof Html) return part.markup;
  return typeof part === 'object' ? part.map(markupOf).join('') : escaped(String(part));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters are no text in a page. */
export const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to take out
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');

/** JSON inside a script element, which no text of it can end. */
export const dataBlock = (id: string, value: unknown): Html =>
  html`<script type="application/json" id="${id}">${new Html(JSON.stringify(value).replaceAll('<', '\\u003c'))}</script>`;
