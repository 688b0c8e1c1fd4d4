/** Hashing that is slow on purpose. */
export abstract class Passwords {
  abstract hash(password: string): Promise<string>;
  /** With a null hash it takes the same time and says no, so that nobody learns which users exist. */
  abstract verify(password: string, hash: string | null): Promise<boolean>;
}
