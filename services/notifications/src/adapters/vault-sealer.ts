import { MasterKeys, Vault, VaultFault } from '@scalpstorm/vault';
import { SealBroken, Sealer } from '../ports/sealer.js';

/** Envelopes of the vault library under the configured master keys; null: none were given. */
export class VaultSealer extends Sealer {
  private readonly vault: Vault | null;

  /** @throws VaultFault when the keys cannot be used; never with a key */
  constructor(masterKeys: string | null) {
    super();
    this.vault = masterKeys === null ? null : new Vault(MasterKeys.parse(masterKeys));
  }

  get ready(): boolean {
    return this.vault !== null;
  }

  seal(plain: string, context: string): Uint8Array {
    return this.needed().seal(plain, context);
  }

  open(sealed: Uint8Array, context: string): string {
    return unbroken(() => this.needed().open(sealed, context));
  }

  renewed(sealed: Uint8Array, context: string): Uint8Array | null {
    return unbroken(() => this.needed().rewrap(sealed, context));
  }

  private needed(): Vault {
    if (this.vault === null) throw new SealBroken('NOTIFICATIONS_KEY is not set');
    return this.vault;
  }
}

function unbroken<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof VaultFault) throw new SealBroken(cause.message, { cause });
    throw cause;
  }
}
