import { createHash } from 'node:crypto';
import { keyBytes } from './authenticated.js';
import { VaultFault } from './vault-fault.js';

export const keyIdBytes = 8;
const keysMax = 8;
const hexKey = /^[0-9a-f]{64}$/i;

interface MasterKey {
  readonly id: Buffer;
  readonly key: Buffer;
}

/**
 * The keys that wrap all others. The first wraps what is written now; the rest open what was written before. To rotate, put
 * a new one in front, rewrap, and take the old one away. Its id is a fingerprint, so that nobody has to number them.
 */
export class MasterKeys {
  private constructor(private readonly keys: readonly [MasterKey, ...MasterKey[]]) {}

  /**
   * @param text one to eight keys, newest first, separated by commas, spaces or line ends; each 64 hexadecimal digits
   * (`openssl rand -hex 32`)
   * @throws VaultFault VAULT_KEYS_MALFORMED; never with the text
   */
  static parse(text: string): MasterKeys {
    const parts = text.split(/[\s,]+/).filter((part) => part !== '');
    if (parts.length > keysMax || !parts.every((part) => hexKey.test(part))) {
      throw malformed(`one to ${keysMax} keys of 64 hexadecimal digits are expected`);
    }
    const [first, ...rest] = parts.map((part) => masterKey(Buffer.from(part, 'hex')));
    if (first === undefined) throw malformed('no key is given');
    return new MasterKeys([first, ...rest]);
  }

  get current(): MasterKey {
    return this.keys[0];
  }

  get all(): readonly MasterKey[] {
    return this.keys;
  }

  find(id: Uint8Array): MasterKey | null {
    return this.keys.find((known) => known.id.equals(id)) ?? null;
  }

  /** So that an accidental print shows nothing. */
  toJSON(): string {
    return '[redacted]';
  }
}

function masterKey(key: Buffer): MasterKey {
  if (key.length !== keyBytes) throw malformed(`a key has ${keyBytes} bytes`);
  const id = createHash('sha256').update('scalpstorm vault key id').update(key).digest().subarray(0, keyIdBytes);
  return { id, key };
}

const malformed = (why: string): VaultFault => new VaultFault('VAULT_KEYS_MALFORMED', why);
