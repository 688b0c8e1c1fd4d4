/** Where the lines of a capture come from. */
export abstract class CaptureSource {
  /** For people: which one it is. */
  abstract readonly name: string;
  /** Reads on only when the next line is asked for; a line that is too long comes as null. Throws {@link CaptureError}. */
  abstract lines(): AsyncGenerator<string | null>;
}

/** Why a capture cannot be replayed, with what to do. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';

  constructor(
    readonly code:
      | 'CAPTURE_NOT_READABLE'
      | 'CAPTURE_BROKEN'
      | 'CAPTURE_NO_SNAPSHOT'
      | 'CAPTURE_UNKNOWN_SYMBOL'
      | 'CAPTURE_TOO_MANY_BAD_LINES',
    text: string,
    options?: { readonly cause: unknown },
  ) {
    super(text, options);
  }
}
