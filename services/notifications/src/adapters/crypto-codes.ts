import { createHash, randomBytes } from 'node:crypto';
import { Codes } from '../ports/codes.js';

/** No 0 and O, no 1 and I: somebody types it. 32 letters, five bits each, so that no letter is likelier than another. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const codeLength = 10;
const tokenBytes = 24;

export class CryptoCodes extends Codes {
  code(): string {
    return [...randomBytes(codeLength)].map((byte) => alphabet[byte % alphabet.length] ?? '').join('');
  }

  token(): string {
    return randomBytes(tokenBytes).toString('base64url');
  }

  hash(code: string, purpose: string): string {
    return createHash('sha256').update(`${purpose}\0${code}`).digest('hex');
  }
}
