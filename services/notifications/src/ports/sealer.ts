/** Keeps secrets unreadable at rest. */
export abstract class Sealer {
  /** False: no key was given, and nothing can be sealed. */
  abstract readonly ready: boolean;
  /** `context` is bound to it: what was sealed for one purpose or user does not open for another. */
  abstract seal(plain: string, context: string): Uint8Array;
  /** @throws SealBroken when the key, the context or a byte is another one */
  abstract open(sealed: Uint8Array, context: string): string;
  /** The same under the newest key; null when it is under it already. @throws SealBroken */
  abstract renewed(sealed: Uint8Array, context: string): Uint8Array | null;
}

export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}
