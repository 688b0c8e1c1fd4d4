import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '@scalpstorm/config';
import type { Log } from '@scalpstorm/observability';

export interface TlsSettings {
  readonly certFile: string;
  readonly keyFile: string;
}
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}
interface SecureServer {
  setSecureContext(pair: TlsPair): void;
}

const lookEveryMs = 30_000;

/** Null: served without TLS. @throws ConfigError when only one of the files is named */
export function tlsSettings(given: { readonly certFile?: string; readonly keyFile?: string }): TlsSettings | null {
  const { certFile, keyFile } = given;
  if (certFile === undefined && keyFile === undefined) return null;
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  const variable = certFile === undefined ? 'TLS_CERT_FILE' : 'TLS_KEY_FILE';
  throw wrong(variable, 'is not set', 'both TLS_CERT_FILE and TLS_KEY_FILE, or neither');
}

/** @throws ConfigError naming the file that cannot be used; never with what is in it */
export function readTlsPair({ certFile, keyFile }: TlsSettings): TlsPair {
  const cert = contentOf('TLS_CERT_FILE', certFile);
  const key = contentOf('TLS_KEY_FILE', keyFile);
  const certificate = usable('TLS_CERT_FILE', 'a PEM certificate', () => new X509Certificate(cert));
  const privateKey = usable('TLS_KEY_FILE', 'a PEM private key', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw wrong('TLS_KEY_FILE', 'does not fit the certificate', 'the private key of TLS_CERT_FILE');
  }
  usable('TLS_CERT_FILE', 'a certificate and key that TLS takes', () => createSecureContext({ cert, key }));
  return { cert, key };
}

/** Serves what replaces the files, without a restart; a pair that does not fit is told of, and the old one stays. */
export function watchTlsFiles(
  settings: TlsSettings,
  server: SecureServer,
  log: Log,
  everyMs = lookEveryMs,
): () => void {
  let mark = markOf(settings);
  const timer = setInterval(() => {
    const next = markOf(settings);
    if (next === mark) return;
    mark = next;
    try {
      server.setSecureContext(readTlsPair(settings));
      log.info({}, 'a new certificate is served');
    } catch (error) {
      log.error({ error }, 'the new certificate cannot be used; the old one is still served');
    }
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function markOf({ certFile, keyFile }: TlsSettings): string {
  const times = [certFile, keyFile].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return times.join(' ');
}

function contentOf(variable: string, file: string): string {
  return usable(variable, 'a file that this process may read', () => readFileSync(file, 'utf8'));
}

function usable<Value>(variable: string, expected: string, work: () => Value): Value {
  try {
    return work();
  } catch {
    throw wrong(variable, 'cannot be used', expected);
  }
}

const wrong = (variable: string, fault: string, expected: string): ConfigError =>
  new ConfigError([{ variable, fault, expected, example: '' }]);
