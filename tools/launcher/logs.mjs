import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { say } from '../progress.mjs';

const logBytesMax = 20 * 1024 * 1024;
const oldFiles = 2;
const shownMax = 20;
const shownWindowMs = 10_000;
const shownCharsMax = 300;
const shownLevels = ['warn', 'error', 'fatal'];

/** A log that never grows beyond its bound: full files are kept as `.1` and `.2`. */
function createLog(path) {
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const open = () => {
    const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
    stream.on('error', (error) => say(`! ${path}: ${error.message}`));
    return stream;
  };
  let stream = open();
  const rotate = () => {
    stream.end();
    for (let index = oldFiles; index > 0; index -= 1) {
      const from = index === 1 ? path : `${path}.${index - 1}`;
      if (existsSync(from)) renameSync(from, `${path}.${index}`);
    }
    stream = open();
    bytes = 0;
  };
  return {
    write: (line) => {
      if (bytes > logBytesMax) rotate();
      bytes += Buffer.byteLength(line) + 1;
      stream.write(`${line}\n`);
    },
    end: () => stream.end(),
  };
}

/** What a person should hear of a log line at once; undefined for most. */
export function warningOf(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    const { level, msg, code, error } = JSON.parse(line);
    if (!shownLevels.includes(level)) return undefined;
    return `${level}: ${[code, msg, error?.message].filter(Boolean).join(': ')}`.slice(0, shownCharsMax);
  } catch {
    return undefined;
  }
}

/** The exchange tells its account on its first line; a key must not stand in a log. */
export const withoutKeys = (line) => line.replace(/"(apiKey|secret)":"[^"]*"/g, '"$1":"[redacted]"');

/** Shows at most so many lines in a window, and says how many it kept back. */
function createShow(name, path) {
  let shown = 0;
  let since = Date.now();
  return (text) => {
    if (Date.now() - since > shownWindowMs) {
      if (shown > shownMax) say(`[${name}] ${shown - shownMax} more in ${path}`);
      shown = 0;
      since = Date.now();
    }
    shown += 1;
    if (shown <= shownMax) say(`[${name}] ${text}`);
  };
}

/**
 * Keeps what a service says: everything in its log; warnings, errors and what is not JSON on stderr (a crash) in short form too.
 * @param {{name: string, child: import('node:child_process').ChildProcess, path: string, onLine?: (line: string) => void}} wanted
 */
export function keepLog({ name, child, path, onLine = () => undefined }) {
  const log = createLog(path);
  const show = createShow(name, path);
  const last = [];
  const keep = (said) => {
    const line = withoutKeys(said);
    log.write(line);
    last.push(line.slice(0, 500));
    if (last.length > 8) last.shift();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    keep(line);
    onLine(line);
    const text = warningOf(line);
    if (text !== undefined) show(text);
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    keep(line);
    show(line.slice(0, shownCharsMax));
  });
  child.once('close', () => log.end());
  return { lastLines: () => [...last] };
}
