import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkFiles, readTexts } from '../image-check/files.mjs';
import { root } from '../paths.mjs';
import { imagesIn, pinFiles, pinned } from './digests.mjs';

const digest = `sha256:${'0a'.repeat(32)}`;
const texts = readTexts(root);

describe('images of others', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scalpstorm-digests-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are all found, and ours and stages are not among them', () => {
    expect(imagesIn(texts.dockerfile)).toEqual([expect.stringMatching(/^node:/)]);
    const names = imagesIn(texts.compose).map((image) => image.split(':')[0]);
    expect(names.sort()).toEqual([
      'apache/kafka',
      'grafana/grafana',
      'nats',
      'otel/opentelemetry-collector',
      'postgres',
      'prom/alertmanager',
      'prom/prometheus',
      'redis',
    ]);
    expect(imagesIn('        - image: ghcr.io/somebody/scalpstorm-gateway:0.1.0\n')).toEqual([]);
  });

  it('are named by tag and digest, once, and the files still belong together', async () => {
    const by = (text) => pinned(text, () => digest);
    const compose = by(texts.compose);
    expect(compose).toContain(`image: nats:2.10.27-alpine@${digest}\n`);
    expect(by(compose)).toBe(compose);
    const { failures } = await checkFiles({ root, texts: { ...texts, compose, dockerfile: by(texts.dockerfile) } });
    expect(failures).toEqual([]);
  });

  it('are asked for once each, in files and folders, and nothing is written before all are known', () => {
    mkdirSync(join(folder, 'k8s'));
    const [one, two] = [join(folder, 'compose.yml'), join(folder, 'k8s/a.yaml')];
    writeFileSync(one, 'image: nats:2.1\n');
    writeFileSync(two, '  - image: "redis:7.2"\n    image: nats:2.1\n');
    const asked = [];
    const refuse = (image) => {
      asked.push(image);
      if (image.startsWith('redis')) throw new Error('no answer');
      return digest;
    };
    expect(() => pinFiles([one, join(folder, 'k8s')], refuse)).toThrow('no answer');
    expect(readFileSync(one, 'utf8')).toBe('image: nats:2.1\n');
    expect(asked).toEqual(['nats:2.1', 'redis:7.2']);
    pinFiles([one, join(folder, 'k8s')], () => digest);
    expect(readFileSync(two, 'utf8')).toBe(`  - image: "redis:7.2@${digest}"\n    image: nats:2.1@${digest}\n`);
  });
});
