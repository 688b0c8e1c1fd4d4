import { crc32, gunzipSync, inflateRawSync } from 'node:zlib';

const blockBytes = 512;
const textOf = (bytes) => bytes.toString('utf8').replace(/\0.*$/s, '');

/**
 * One file of a .tgz.
 * @param {Buffer} archive
 * @param {string} path
 */
export function fileOfTarball(archive, path) {
  const tar = gunzipSync(archive);
  for (let at = 0; at + blockBytes <= tar.length; ) {
    const name = textOf(tar.subarray(at, at + 100));
    const size = Number.parseInt(textOf(tar.subarray(at + 124, at + 136)).trim() || '0', 8);
    const begin = at + blockBytes;
    if (name === path) return tar.subarray(begin, begin + size);
    at = begin + Math.ceil(size / blockBytes) * blockBytes;
  }
  throw new Error(`the package holds no ${path}`);
}

const endSignature = 0x06054b50;
const endBytes = 22;
const deflated = 8;

/**
 * One file of a .zip, its checksum compared.
 * @param {Buffer} archive
 * @param {string} path
 */
export function fileOfZip(archive, path) {
  let end = archive.length - endBytes;
  while (end >= 0 && archive.readUInt32LE(end) !== endSignature) end -= 1;
  if (end < 0) throw new Error('not a zip archive');
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameBytes = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameBytes);
    if (name === path) return contentOf(archive, at);
    at += 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`the archive holds no ${path}`);
}

function contentOf(archive, entry) {
  const local = archive.readUInt32LE(entry + 42);
  const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(begin, begin + archive.readUInt32LE(entry + 20));
  const content = archive.readUInt16LE(entry + 10) === deflated ? inflateRawSync(packed) : packed;
  if (crc32(content) !== archive.readUInt32LE(entry + 16)) throw new Error('the archive is damaged');
  return content;
}
