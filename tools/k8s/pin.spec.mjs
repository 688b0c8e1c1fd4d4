import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { pinned } from './pin.mjs';

const kustomization = `# What runs here.
images:
  - name: scalpstorm/execution
    newName: ghcr.io/your-organization/scalpstorm-execution
    newTag: 0.1.0
  # Ours, too.
  - name: scalpstorm/gateway
    newName: ghcr.io/your-organization/scalpstorm-gateway
    newTag: 0.1.0
`;
const digest = `sha256:${'a'.repeat(64)}`;

describe('the images of an overlay', () => {
  test('take registry, version and digest of the lines, and keep the rest and the comments', () => {
    const lines = `registry.local:5000/acme/scalpstorm-execution:0.2.0@${digest}\n\n`;
    const text = pinned(kustomization, lines);
    expect(text).toContain('# Ours, too.');
    expect(parse(text).images).toEqual([
      {
        name: 'scalpstorm/execution',
        newName: 'registry.local:5000/acme/scalpstorm-execution',
        newTag: '0.2.0',
        digest,
      },
      { name: 'scalpstorm/gateway', newName: 'ghcr.io/your-organization/scalpstorm-gateway', newTag: '0.1.0' },
    ]);
  });

  test('are the same after the same lines', () => {
    const lines = `ghcr.io/acme/scalpstorm-gateway:0.2.0@${digest}`;
    const once = pinned(kustomization, lines);
    expect(pinned(once, lines)).toBe(once);
  });

  test.each(['ghcr.io/acme/scalpstorm-sim-exchange:0.2.0', 'nats:2.10.27-alpine'])(
    'leave %s out, for which the overlay has no entry',
    (image) => {
      expect(pinned(kustomization, `${image}@${digest}`)).toBe(kustomization);
    },
  );

  test.each(['ghcr.io/acme/scalpstorm-gateway:0.2.0', `nats@${digest}`, 'nats:2@sha256:abc'])(
    'are not pinned by the line %s',
    (line) => {
      expect(() => pinned(kustomization, line)).toThrow('is not NAME:TAG@sha256:DIGEST');
    },
  );
});
