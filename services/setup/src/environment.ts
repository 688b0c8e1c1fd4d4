/** How a template marks what must be drawn: `# random: 48 hex` on the line above an empty value. */
const drawn = /^# random: (\d{1,3}) hex$/;
const assignment = /^([A-Z][A-Z0-9_]*)=(.*)$/;

/** The template of the settings is not what this program can fill in. */
export class BadTemplate extends Error {
  override readonly name = 'BadTemplate';
  readonly code = 'TEMPLATE_INVALID';
}

/**
 * Fills in every secret of a template of settings; everything else stays as it is.
 * @param random so many hexadecimal digits
 */
export function completeEnvironment(template: string, random: (digits: number) => string): string {
  let digits: number | null = null;
  const lines = template.split('\n').map((line, index) => {
    const mark = drawn.exec(line);
    if (mark !== null) {
      digits = Number(mark[1]);
      return line;
    }
    if (digits === null) return line;
    const [, name, value] = assignment.exec(line) ?? [];
    if (name === undefined || value !== '') throw new BadTemplate(`line ${index + 1}: expected NAME= without a value`);
    const filled = `${name}=${random(digits)}`;
    digits = null;
    return filled;
  });
  if (digits !== null) throw new BadTemplate('the last line marks a secret, and no setting follows');
  return lines.join('\n');
}
