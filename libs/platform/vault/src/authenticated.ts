import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { VaultFault } from './vault-fault.js';

const algorithm = 'aes-256-gcm';
export const nonceBytes = 12;
export const tagBytes = 16;
export const keyBytes = 32;

/** AES-256-GCM under a fresh nonce: nonce, ciphertext, tag. `context` is authenticated, not written. */
export function encrypt(key: Uint8Array, plaintext: Uint8Array, context: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(context);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @throws VaultFault VAULT_REFUSED when anything of it, or its context, is not what was written */
export function decrypt(key: Uint8Array, sealed: Uint8Array, context: Uint8Array): Buffer {
  if (sealed.length < nonceBytes + tagBytes) throw new VaultFault('VAULT_UNREADABLE', 'the ciphertext is too short');
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(context);
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
  } catch {
    // The cause would tell nothing more, and nothing of it may travel on.
    throw new VaultFault('VAULT_REFUSED', 'the ciphertext was changed, or belongs to something else');
  }
}
