export type VaultFaultCode =
  /** Not what this library writes, or of a version that it does not know. */
  | 'VAULT_UNREADABLE'
  /** Wrapped with a master key that this process was not given. */
  | 'VAULT_KEY_UNKNOWN'
  /** Changed since it was written, or opened for another owner than it was written for. */
  | 'VAULT_REFUSED'
  /** The configured master keys cannot be used. */
  | 'VAULT_KEYS_MALFORMED';

/** Says what is wrong and never with what: no key, plaintext or ciphertext is in it. */
export class VaultFault extends Error {
  override readonly name = 'VaultFault';

  constructor(
    readonly code: VaultFaultCode,
    text: string,
  ) {
    super(text);
  }
}
