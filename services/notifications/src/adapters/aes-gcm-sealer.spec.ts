import { describe, expect, it } from '@jest/globals';
import { SealBroken } from '../ports/sealer.js';
import { AesGcmSealer } from './aes-gcm-sealer.js';

const key = 'a key of thirty-two characters!!';
const sealer = new AesGcmSealer(key);

describe('a sealed secret', () => {
  it('opens with its key and for its purpose, also after a restart', () => {
    const sealed = sealer.seal('whsec_ä', 'webhook:1');
    expect(new AesGcmSealer(key).open(sealed, 'webhook:1')).toBe('whsec_ä');
  });

  it('looks different every time and shows nothing of itself', () => {
    const [one, two] = [sealer.seal('secret', 'a'), sealer.seal('secret', 'a')];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(false);
    expect(Buffer.from(one).includes('secret')).toBe(false);
  });

  it('does not open for another user, with another key, or when any byte was changed', () => {
    const sealed = sealer.seal('secret', 'webhook:1');
    expect(() => sealer.open(sealed, 'webhook:2')).toThrow(SealBroken);
    expect(() => new AesGcmSealer('b'.repeat(32)).open(sealed, 'webhook:1')).toThrow(SealBroken);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
      expect(() => sealer.open(changed, 'webhook:1')).toThrow(SealBroken);
    }
    expect(() => sealer.open(sealed.subarray(0, 5), 'webhook:1')).toThrow(SealBroken);
  });

  it('cannot be made without a key', () => {
    const without = new AesGcmSealer(null);
    expect(without.ready).toBe(false);
    expect(() => without.seal('secret', 'a')).toThrow('NOTIFICATIONS_KEY is not set');
  });
});
