/** Codes that people type and tokens that buttons carry; only hashes of them are kept. */
export abstract class Codes {
  /** Easy to type and impossible to guess while it lives: ten letters and digits, fifty bits. */
  abstract code(): string;
  /** Nobody types it: 144 bits or more, in letters that a URL takes. */
  abstract token(): string;
  /** `purpose` keeps a code of one kind from fitting another. */
  abstract hash(code: string, purpose: string): string;
}
