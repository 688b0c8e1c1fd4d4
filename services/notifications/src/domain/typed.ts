/** However it was typed: small letters, blanks and hyphens are fine. */
export const normalCode = (typed: string): string => typed.toUpperCase().replace(/[\s-]/g, '');

/** What {@link normalCode} makes of a code: ten letters and digits. */
export const isCode = (typed: string): boolean => /^[A-Z0-9]{10}$/.test(normalCode(typed));

const addressPattern = /^[^\s@<>()[\]\\,;:"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])$/;
const addressMax = 254;

/** One plain address, no name, no list, nothing that could become a second header. */
export const isMailAddress = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those must not be there
  text.isWellFormed() && text.length <= addressMax && addressPattern.test(text) && !/[\u0000-\u001f\u007f]/.test(text);
