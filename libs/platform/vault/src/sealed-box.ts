import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { decrypt, encrypt, keyBytes } from './authenticated.js';
import type { MasterKeys } from './master-keys.js';
import { VaultFault } from './vault-fault.js';

const version = 1;
const publicBytes = 32;
/** RFC 8410: what stands before the 32 bytes of an X25519 key. */
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');
const purpose = 'scalpstorm sealed box v1';

/**
 * Seals a secret so that only the holder of the private key can read it, and only for `context`: X25519 with a key of one
 * use, HKDF-SHA256, AES-256-GCM. Layout: version (1) · ephemeral public key (32) · nonce, ciphertext, tag.
 * @param recipient the raw public key, 32 bytes
 * @throws VaultFault VAULT_UNREADABLE when it is no such key
 */
export function sealFor(recipient: Uint8Array, secret: string, context: string): Uint8Array {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const ephemeral = rawPublic(publicKey);
  const key = agreed({ privateKey, publicKey: publicOf(recipient) }, { ephemeral, recipient });
  try {
    return Buffer.concat([Buffer.of(version), ephemeral, encrypt(key, Buffer.from(secret), Buffer.from(context))]);
  } finally {
    key.fill(0);
  }
}

/** Opens what was sealed for it. The private keys follow from the master keys, so nothing more has to be kept. */
export class SealedBoxes {
  readonly #keys: readonly { readonly privateKey: KeyObject; readonly publicKey: Buffer }[];

  constructor(masterKeys: MasterKeys) {
    this.#keys = masterKeys.all.map(({ key }) => {
      const seed = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `${purpose} recipient`, keyBytes));
      const der = Buffer.concat([privatePrefix, seed]);
      const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      seed.fill(0);
      der.fill(0);
      return { privateKey, publicKey: rawPublic(createPublicKey(privateKey)) };
    });
  }

  /** What to seal for now. */
  get publicKey(): Uint8Array {
    const [first] = this.#keys;
    if (first === undefined) throw new VaultFault('VAULT_KEYS_MALFORMED', 'no key is given');
    return first.publicKey;
  }

  /** Also what was sealed for an older key, just before it was rotated. @throws VaultFault */
  open(sealed: Uint8Array, context: string): string {
    const bytes = Buffer.from(sealed);
    if (bytes[0] !== version || bytes.length <= 1 + publicBytes) {
      throw new VaultFault('VAULT_UNREADABLE', 'not a sealed box of a known version');
    }
    const ephemeral = bytes.subarray(1, 1 + publicBytes);
    const publicKey = publicOf(ephemeral);
    for (const own of this.#keys) {
      const key = agreed({ privateKey: own.privateKey, publicKey }, { ephemeral, recipient: own.publicKey });
      try {
        return decrypt(key, bytes.subarray(1 + publicBytes), Buffer.from(context)).toString();
      } catch (error) {
        if (!(error instanceof VaultFault) || error.code !== 'VAULT_REFUSED') throw error;
      } finally {
        key.fill(0);
      }
    }
    throw new VaultFault('VAULT_REFUSED', 'the box was changed, or was sealed for somebody or something else');
  }
}

/** Both public keys are in the salt, so a key is never agreed for another pair. */
function agreed(
  pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
  parties: { readonly ephemeral: Uint8Array; readonly recipient: Uint8Array },
): Buffer {
  const salt = Buffer.concat([parties.ephemeral, parties.recipient]);
  try {
    const shared = diffieHellman(pair);
    return Buffer.from(hkdfSync('sha256', shared, salt, purpose, keyBytes));
  } catch {
    // A point of low order: whoever sent it wanted to know the key beforehand.
    throw new VaultFault('VAULT_UNREADABLE', 'not a usable public key');
  }
}

function publicOf(raw: Uint8Array): KeyObject {
  if (raw.length !== publicBytes) throw new VaultFault('VAULT_UNREADABLE', `a public key has ${publicBytes} bytes`);
  return createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' });
}

const rawPublic = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(-publicBytes);
