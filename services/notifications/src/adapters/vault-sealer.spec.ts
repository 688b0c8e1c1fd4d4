import { describe, expect, it } from '@jest/globals';
import { SealBroken } from '../ports/sealer.js';
import { VaultSealer } from './vault-sealer.js';

const [older, newer] = ['a'.repeat(64), 'b'.repeat(64)];

describe('a sealed secret', () => {
  const sealed = new VaultSealer(older).seal('whsec_ä', 'webhook:1');

  it('opens with its key and for its purpose, also after a restart', () => {
    expect(new VaultSealer(older).open(sealed, 'webhook:1')).toBe('whsec_ä');
    expect(Buffer.from(sealed).includes('whsec_')).toBe(false);
  });

  it('does not open for another user, with another key, or when any byte was changed', () => {
    const sealer = new VaultSealer(older);
    expect(() => sealer.open(sealed, 'webhook:2')).toThrow(SealBroken);
    expect(() => new VaultSealer(newer).open(sealed, 'webhook:1')).toThrow(SealBroken);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
      expect(() => sealer.open(changed, 'webhook:1')).toThrow(SealBroken);
    }
  });

  it('moves to a newer key, after which the older one is not needed', () => {
    const renewed = new VaultSealer(`${newer},${older}`).renewed(sealed, 'webhook:1') ?? new Uint8Array();
    expect(new VaultSealer(newer).open(renewed, 'webhook:1')).toBe('whsec_ä');
    expect(new VaultSealer(newer).renewed(renewed, 'webhook:1')).toBeNull();
  });

  it('cannot be made without a key, or with half a key', () => {
    const without = new VaultSealer(null);
    expect(without.ready).toBe(false);
    expect(() => without.seal('secret', 'a')).toThrow('NOTIFICATIONS_KEY is not set');
    expect(() => new VaultSealer('abc')).toThrow('64 hexadecimal digits');
  });
});
