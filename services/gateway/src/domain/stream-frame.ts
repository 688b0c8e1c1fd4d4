/** One message to one or many clients. It is turned into text once, however many get it. */
export class StreamFrame {
  #bytes: Uint8Array | null = null;

  constructor(readonly message: Readonly<Record<string, unknown>>) {}

  get bytes(): Uint8Array {
    this.#bytes ??= encoder.encode(JSON.stringify(this.message));
    return this.#bytes;
  }
}

const encoder = new TextEncoder();
