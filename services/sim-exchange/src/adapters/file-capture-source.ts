import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { CaptureError, CaptureSource } from '../ports/capture-source.js';

/** A snapshot of 5,000 levels is about 400 kB; anything longer is no line of a capture. */
const lineLengthMax = 4 * 1024 * 1024;
const chunkBytes = 256 * 1024;

/** A capture file, plain or gzip: told by its first bytes, not by its name. */
export class FileCaptureSource extends CaptureSource {
  readonly name: string;

  constructor(private readonly path: string) {
    super();
    this.name = `--file ${path}`;
  }

  async *lines(): AsyncGenerator<string | null> {
    const isGzip = await startsWithGzipMagic(this.path);
    const file = createReadStream(this.path, { highWaterMark: chunkBytes });
    const stream = isGzip ? file.pipe(createGunzip()) : file;
    // pipe() does not pass errors on.
    if (isGzip) file.on('error', (error) => stream.destroy(error));
    try {
      yield* splitLines(stream as AsyncIterable<Buffer>);
    } catch (error) {
      throw new CaptureError('CAPTURE_BROKEN', `${this.name} breaks off or is damaged; replay a whole copy of it`, {
        cause: error,
      });
    } finally {
      file.destroy();
      stream.destroy();
    }
  }
}

/** Never holds more than one line and one chunk. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string | null> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isTooLong = false;
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield isTooLong || line.length > lineLengthMax ? null : line;
      isTooLong = false;
    }
    if (rest.length <= lineLengthMax) continue;
    rest = '';
    isTooLong = true;
  }
  if (isTooLong) yield null;
  else if (rest !== '') yield rest;
}

async function startsWithGzipMagic(path: string): Promise<boolean> {
  try {
    const handle = await open(path);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new CaptureError('CAPTURE_NOT_READABLE', `--file ${path} cannot be read; give the path of a capture file`, {
      cause: error,
    });
  }
}
