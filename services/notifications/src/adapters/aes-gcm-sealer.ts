import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { SealBroken, Sealer } from '../ports/sealer.js';

const algorithm = 'aes-256-gcm';
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const purpose = 'scalpstorm notifications sealing v1';

/** AES-256-GCM (NIST SP 800-38D) under a key derived from the configured one; version, nonce, tag, text. */
export class AesGcmSealer extends Sealer {
  private readonly key: Buffer | null;

  constructor(secret: string | null) {
    super();
    this.key = secret === null ? null : Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
  }

  get ready(): boolean {
    return this.key !== null;
  }

  seal(plain: string, context: string): Uint8Array {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.needed(), nonce).setAAD(Buffer.from(context));
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), text]);
  }

  open(sealed: Uint8Array, context: string): string {
    const bytes = Buffer.from(sealed);
    if (bytes[0] !== version) throw new SealBroken('a seal of another version');
    const nonce = bytes.subarray(1, 1 + nonceBytes);
    const tag = bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
    const text = bytes.subarray(1 + nonceBytes + tagBytes);
    try {
      const decipher = createDecipheriv(algorithm, this.needed(), nonce, { authTagLength: tagBytes })
        .setAAD(Buffer.from(context))
        .setAuthTag(tag);
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new SealBroken('sealed with another key, for something else, or changed since', { cause });
    }
  }

  private needed(): Buffer {
    if (this.key === null) throw new SealBroken('NOTIFICATIONS_KEY is not set');
    return this.key;
  }
}
