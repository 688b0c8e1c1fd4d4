import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { readTlsPair, type TlsPair, tlsSettings, watchTlsFiles } from '../src/tls-files.js';
import { type Answered, GatewayRig } from './gateway-rig.js';

const folder = mkdtempSync(join(tmpdir(), 'scalpstorm-tls-'));
const certFile = join(folder, 'tls.crt');
const keyFile = join(folder, 'tls.key');
const otherKeyFile = join(folder, 'other.key');

function makeCertificate(): void {
  const subject = ['-subj', '/CN=127.0.0.1', '-days', '2', '-nodes'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'pipe',
  });
  execFileSync('openssl', ['ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', otherKeyFile], {
    stdio: 'pipe',
  });
}

/** Certificates are made for each run, so that no private key is ever in the repository. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const withOpenssl = hasOpenssl ? describe : describe.skip;
if (hasOpenssl) makeCertificate();
afterAll(() => rmSync(folder, { recursive: true }));

withOpenssl('the files of TLS', () => {
  it('are both named or neither', () => {
    expect(tlsSettings({})).toBeNull();
    expect(() => tlsSettings({ certFile })).toThrow('TLS_KEY_FILE');
    expect(() => tlsSettings({ keyFile })).toThrow('TLS_CERT_FILE');
  });

  it('are refused by name when they cannot be read, are no PEM or do not fit, without a word of the key', () => {
    const bad = join(folder, 'bad.key');
    writeFileSync(bad, 'planted-key-material');
    const faults = [
      { certFile: `${certFile}x`, keyFile },
      { certFile, keyFile: bad },
      { certFile, keyFile: otherKeyFile },
    ];
    const messages = faults.map((files) => {
      try {
        readTlsPair(files);
        return 'taken';
      } catch (error) {
        return String(error);
      }
    });
    expect(messages[0]).toContain('TLS_CERT_FILE');
    expect(messages[1]).toContain('TLS_KEY_FILE');
    expect(messages[2]).toContain('does not fit');
    expect(messages.join()).not.toContain('planted');
  });

  it('are served anew when they are replaced, and the old ones while the new do not fit', async () => {
    const files = { certFile: join(folder, 'served.crt'), keyFile: join(folder, 'served.key') };
    const replace = (cert: string, key: string) => {
      writeFileSync(files.certFile, cert);
      writeFileSync(files.keyFile, key);
    };
    const first = readTlsPair({ certFile, keyFile });
    replace(first.cert, first.key);
    const served: TlsPair[] = [];
    const log = new RecordingLog();
    const stop = watchTlsFiles(files, { setSecureContext: (pair) => void served.push(pair) }, log, 5);
    try {
      const otherKey = readFileSync(otherKeyFile, 'utf8');
      // Written again and again, because a file that is written twice in one moment looks like one that was not.
      await eventually(() => {
        replace(first.cert, otherKey);
        expect(log.lines.map(({ text }) => text).join()).toContain('the old one is still served');
      });
      expect(served).toEqual([]);
      makeCertificate();
      const second = readTlsPair({ certFile, keyFile });
      expect(second.cert).not.toBe(first.cert);
      await eventually(() => {
        replace(second.cert, second.key);
        expect(served.at(-1)).toEqual(second);
      });
    } finally {
      stop();
    }
  });
});

describeWithServers('the public door on real servers', (servers) => {
  let rig: GatewayRig;

  withOpenssl('with TLS', () => {
    beforeAll(async () => {
      rig = await GatewayRig.start(servers, { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile });
    });
    afterAll(() => rig.close());

    it('serves over TLS and says so for the future', async () => {
      expect(rig.gateway.url).toMatch(/^https:/);
      const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
        request(`${rig.gateway.url}/v1/version`, { rejectUnauthorized: false }, (answer) => {
          answer.resume();
          resolve(answer.headers);
        })
          .on('error', reject)
          .end();
      });
      expect(headers['strict-transport-security']).toContain('max-age=31536000');
    });
  });

  describe('without', () => {
    beforeAll(async () => {
      const changes = { ALLOWED_ORIGINS: 'https://trade.example', REQUESTS_PER_SECOND_PER_ADDRESS: '3' };
      rig = await GatewayRig.start(servers, changes);
    });
    afterAll(() => rig.close());

    const preflight = (origin: string) =>
      rig.ask('OPTIONS', '/v1/bots', {
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });

    it('lets pages of the list call, and no others', async () => {
      const listed = await preflight('https://trade.example');
      expect(listed.headers.get('access-control-allow-origin')).toBe('https://trade.example');
      expect(listed.headers.get('access-control-allow-credentials')).toBeNull();
      const allowed = listed.headers.get('access-control-allow-headers')?.split(/,\s*/);
      expect(allowed).toEqual(expect.arrayContaining(['authorization', 'content-type', 'idempotency-key', 'if-match']));
      const read = (await rig.ask('GET', '/health/live', { headers: { origin: 'https://trade.example' } })).headers.get(
        'access-control-expose-headers',
      );
      expect(read?.split(/,\s*/)).toEqual(
        expect.arrayContaining(['x-request-id', 'retry-after', 'idempotent-replayed', 'etag']),
      );
      const other = await preflight('https://evil.example');
      expect(other.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
      expect(other.headers.get('access-control-allow-origin')).not.toBe('*');
    });

    it('turns an address away that asks too often, with a code and the time to wait; health goes on', async () => {
      let refused: Answered | undefined;
      // Again where a window of the limit ended in between.
      for (let round = 0; round < 20 && refused === undefined; round += 1) {
        const answers = await Promise.all(Array.from({ length: 40 }, () => rig.ask('GET', '/v1/version')));
        refused = answers.find(({ status }) => status === 429);
      }
      expect(refused).toMatchObject({ body: { code: 'RATE_LIMITED' } });
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await rig.ask('GET', '/health/live')).status).toBe(200);
    });
  });
});
