import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { type Readable, Transform, type TransformCallback, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { StoredFile } from './manifest.js';

const lineEnd = 0x0a;

/** Lets everything through and looks at it. */
class Watch extends Transform {
  constructor(private readonly look: (chunk: Buffer) => void) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.look(chunk);
    done(null, chunk);
  }
}

/** Writes what comes, packed, into a file of the folder; for its owner alone. @returns with the number of lines that came */
export async function storeFile(
  folder: string,
  file: string,
  source: Readable,
): Promise<StoredFile & { readonly lines: number }> {
  const digest = createHash('sha256');
  let lines = 0;
  let bytes = 0;
  const count = new Watch((chunk) => {
    for (let at = chunk.indexOf(lineEnd); at >= 0; at = chunk.indexOf(lineEnd, at + 1)) lines += 1;
  });
  const sum = new Watch((chunk) => {
    bytes += chunk.length;
    digest.update(chunk);
  });
  await pipeline(source, count, createGzip(), sum, createWriteStream(join(folder, file), { mode: 0o600, flags: 'wx' }));
  return { file, bytes, sha256: digest.digest('hex'), lines };
}

export const unpacked = (folder: string, { file }: Pick<StoredFile, 'file'>): Readable =>
  createReadStream(join(folder, file)).pipe(createGunzip());

export const pour = (folder: string, { file }: Pick<StoredFile, 'file'>, into: Writable): Promise<void> =>
  pipeline(createReadStream(join(folder, file)), createGunzip(), into);
