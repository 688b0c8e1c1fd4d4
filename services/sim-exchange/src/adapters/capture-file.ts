import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';

/** A snapshot of 5,000 levels is about 400 kB; anything longer is no line of a capture. */
export const lineLengthMax = 4 * 1024 * 1024;

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

/**
 * The lines of a capture, plain or gzip (told by its first bytes, not by its name). Reads on only when the next line is
 * asked for, so memory stays bounded. A line over {@link lineLengthMax} comes as null. Throws {@link CaptureError}.
 */
export async function* captureLines(path: string): AsyncGenerator<string | null> {
  const isGzip = await startsWithGzipMagic(path);
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const source = isGzip ? file.pipe(createGunzip()) : file;
  // pipe() does not pass errors on.
  if (isGzip) file.on('error', (error) => source.destroy(error));
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isTooLong = false;
  try {
    for await (const chunk of source) {
      const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        yield isTooLong || line.length > lineLengthMax ? null : line;
        isTooLong = false;
      }
      if (rest.length <= lineLengthMax) continue;
      rest = '';
      isTooLong = true;
    }
  } catch (error) {
    throw new CaptureError('CAPTURE_BROKEN', `--file ${path} breaks off or is damaged; replay a whole copy of it`, {
      cause: error,
    });
  } finally {
    file.destroy();
    source.destroy();
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
