const [varint, lengthDelimited] = [0, 2];

/** The few parts of the protobuf wire format that an ONNX file needs. Fields are written in the order of the calls. */
export class ProtobufWriter {
  private readonly bytes: number[] = [];

  /** A whole number from 0 to 2^53. */
  integer(field: number, value: number): this {
    this.key(field, varint);
    this.varint(value);
    return this;
  }

  /** ASCII alone: names. */
  text(field: number, text: string): this {
    return this.block(
      field,
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
    );
  }

  block(field: number, bytes: Uint8Array): this {
    this.key(field, lengthDelimited);
    this.varint(bytes.length);
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }

  message(field: number, message: ProtobufWriter): this {
    return this.block(field, message.finish());
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }

  private key(field: number, type: number): void {
    this.varint(field * 8 + type);
  }

  private varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.bytes.push(rest);
  }
}
