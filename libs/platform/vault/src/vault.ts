import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, keyBytes, nonceBytes, tagBytes } from './authenticated.js';
import { keyIdBytes, type MasterKeys } from './master-keys.js';
import { VaultFault } from './vault-fault.js';

const version = 1;
const wrappedBytes = nonceBytes + keyBytes + tagBytes;
const headBytes = 1 + keyIdBytes;

interface Envelope {
  readonly head: Buffer;
  readonly keyId: Buffer;
  readonly wrapped: Buffer;
  readonly content: Buffer;
}

/**
 * Envelope encryption of secrets at rest. Each secret has a data key of its own (AES-256-GCM), which the current master key
 * wraps; so a rotation of the master key rewraps 60 bytes and never touches a secret. `context` names the owner, e.g.
 * `venue-account:usr_1:binance-1`; it is authenticated with both layers, so a row that was copied to another owner does not open.
 *
 * Layout: version (1) · id of the master key (8) · wrapped data key (12 + 32 + 16) · content (12 + n + 16).
 */
export class Vault {
  constructor(private readonly masterKeys: MasterKeys) {}

  seal(secret: string, context: string): Uint8Array {
    const { id, key } = this.masterKeys.current;
    const head = Buffer.concat([Buffer.of(version), id]);
    const dataKey = randomBytes(keyBytes);
    try {
      const content = encrypt(dataKey, Buffer.from(secret), bound(Buffer.of(version), context));
      return Buffer.concat([head, encrypt(key, dataKey, bound(head, context)), content]);
    } finally {
      dataKey.fill(0);
    }
  }

  /** @throws VaultFault */
  open(envelope: Uint8Array, context: string): string {
    const { content, ...outer } = read(envelope);
    const dataKey = this.#dataKey(outer, context);
    try {
      return decrypt(dataKey, content, bound(Buffer.of(version), context)).toString();
    } finally {
      dataKey.fill(0);
    }
  }

  /** The same secret under the current master key; null when it is under it already. @throws VaultFault */
  rewrap(envelope: Uint8Array, context: string): Uint8Array | null {
    const { content, ...outer } = read(envelope);
    const { id, key } = this.masterKeys.current;
    if (outer.keyId.equals(id)) return null;
    const dataKey = this.#dataKey(outer, context);
    try {
      const head = Buffer.concat([Buffer.of(version), id]);
      return Buffer.concat([head, encrypt(key, dataKey, bound(head, context)), content]);
    } finally {
      dataKey.fill(0);
    }
  }

  #dataKey({ head, keyId, wrapped }: Omit<Envelope, 'content'>, context: string): Buffer {
    const master = this.masterKeys.find(keyId);
    if (master === null) {
      throw new VaultFault(
        'VAULT_KEY_UNKNOWN',
        `this needs the master key ${keyId.toString('hex')}, which is not here`,
      );
    }
    return decrypt(master.key, wrapped, bound(head, context));
  }
}

function read(envelope: Uint8Array): Envelope {
  const bytes = Buffer.from(envelope);
  if (bytes[0] !== version) throw new VaultFault('VAULT_UNREADABLE', 'not an envelope of a known version');
  const least = headBytes + wrappedBytes + nonceBytes + tagBytes;
  if (bytes.length < least) throw new VaultFault('VAULT_UNREADABLE', 'the envelope is too short');
  return {
    head: bytes.subarray(0, headBytes),
    keyId: bytes.subarray(1, headBytes),
    wrapped: bytes.subarray(headBytes, headBytes + wrappedBytes),
    content: bytes.subarray(headBytes + wrappedBytes),
  };
}

const bound = (head: Uint8Array, context: string): Buffer => Buffer.concat([head, Buffer.from(context)]);
