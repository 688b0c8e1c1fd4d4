/** One line; a tag never spans two, so a text can be cut between any of them. */
export interface Formatted {
  readonly text: string;
  readonly bold: boolean;
}

/** Telegram takes 4096 characters after parsing; counted before it, which is never less. */
export const telegramTextMax = 4_096;
const tagsLength = '<b></b>'.length;

/** For Telegram's HTML and for HTML itself: nothing that a user or a venue wrote becomes markup. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** As many messages as the length asks for, cut between lines, and inside a line only when it alone is too long. */
export function telegramParts(lines: readonly Formatted[], lengthMax: number = telegramTextMax): string[] {
  const parts: string[] = [];
  let current = '';
  for (const line of lines.flatMap((one) => shortLines(one, lengthMax))) {
    const joined = current === '' ? line : `${current}\n${line}`;
    if (joined.length <= lengthMax) {
      current = joined;
      continue;
    }
    parts.push(current);
    current = line;
  }
  return current === '' ? parts : [...parts, current];
}

function shortLines({ text, bold }: Formatted, lengthMax: number): string[] {
  const lines: string[] = [];
  const room = lengthMax - (bold ? tagsLength : 0);
  let piece = '';
  // By code point: half a character would be refused.
  for (const character of text) {
    const escaped = escapeHtml(character);
    if (piece.length + escaped.length > room) {
      lines.push(piece);
      piece = '';
    }
    piece += escaped;
  }
  lines.push(piece);
  return lines.map((line) => (bold && line !== '' ? `<b>${line}</b>` : line));
}
