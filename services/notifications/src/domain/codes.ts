import { createHash } from 'node:crypto';

/** No 0 and O, no 1 and I: somebody types it. 32 letters, five bits each. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const codeLength = 10;

/** Fifty bits out of as many random bytes as letters. */
export function codeFrom(random: Uint8Array): string {
  return [...random.subarray(0, codeLength)].map((byte) => alphabet[byte % alphabet.length] ?? '').join('');
}
export const codeBytes = codeLength;

/** However it was typed: small letters, blanks and hyphens are fine. */
export const normalCode = (typed: string): string => typed.toUpperCase().replace(/[\s-]/g, '');

/** Only this is kept of a code or a token; `purpose` keeps a code of one kind from fitting another. */
export const codeHash = (code: string, purpose: string): string =>
  createHash('sha256').update(`${purpose}\0${code}`).digest('hex');

const addressPattern = /^[^\s@<>()[\]\\,;:"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])$/;
const addressMax = 254;

/** One plain address, no name, no list, nothing that could become a second header. */
export const isMailAddress = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those must not be there
  text.length <= addressMax && addressPattern.test(text) && !/[\u0000-\u001f\u007f]/.test(text);
