import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MasterKeys, SealedBoxes, sealFor, Vault, VaultFault } from './index.js';

const oldKey = '11'.repeat(32);
const newKey = '22'.repeat(32);
const secret = '{"apiKey":"AAAA","secret":"hunter2hunter2"}';
const context = 'venue-account:usr_1:binance-1';
const vaultOf = (text: string) => new Vault(MasterKeys.parse(text));

function fault(work: () => unknown): VaultFault {
  try {
    work();
  } catch (error) {
    if (error instanceof VaultFault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the vault', () => {
  it('gives back any text to the owner that it was sealed for', () => {
    const vault = vaultOf(newKey);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, owner) => {
        expect(vault.open(vault.seal(text, owner), owner)).toBe(text);
      }),
    );
  });

  it('seals the same secret differently each time, and shows nothing of it', () => {
    const vault = vaultOf(newKey);
    const first = Buffer.from(vault.seal(secret, context));
    expect(first.equals(Buffer.from(vault.seal(secret, context)))).toBe(false);
    expect(first.includes('hunter2')).toBe(false);
  });

  it('does not open a row that was copied to another owner', () => {
    const vault = vaultOf(newKey);
    const envelope = vault.seal(secret, context);
    expect(fault(() => vault.open(envelope, 'venue-account:usr_2:binance-1')).code).toBe('VAULT_REFUSED');
  });

  it('refuses an envelope with any single bit changed, without a word of the secret', () => {
    const vault = vaultOf(newKey);
    const envelope = Buffer.from(vault.seal(secret, context));
    fc.assert(
      fc.property(fc.nat({ max: envelope.length * 8 - 1 }), (bit) => {
        const changed = Buffer.from(envelope);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const { message, stack, cause } = fault(() => vault.open(changed, context));
        expect(`${message} ${stack} ${inspect(cause)}`).not.toContain('hunter2');
      }),
    );
  });

  it('refuses every beginning of an envelope', () => {
    const vault = vaultOf(newKey);
    const envelope = vault.seal(secret, context);
    for (let length = 0; length < envelope.length; length += 1) {
      expect(fault(() => vault.open(envelope.subarray(0, length), context))).toBeInstanceOf(VaultFault);
    }
  });

  it('rotates the master key without touching the secret', () => {
    const before = vaultOf(oldKey).seal(secret, context);
    const both = vaultOf(`${newKey},${oldKey}`);
    expect(both.open(before, context)).toBe(secret);
    const after = both.rewrap(before, context);
    expect(after).not.toBeNull();
    const rewrapped = after ?? new Uint8Array();
    expect(vaultOf(newKey).open(rewrapped, context)).toBe(secret);
    expect(both.rewrap(rewrapped, context)).toBeNull();
    expect(fault(() => vaultOf(newKey).open(before, context)).code).toBe('VAULT_KEY_UNKNOWN');
  });

  it.each(['', ' , ', 'short', `${'zz'.repeat(32)}`, Array(9).fill(oldKey).join(',')])(
    'refuses the keys %j and does not repeat them',
    (text) => {
      const { code, message } = fault(() => MasterKeys.parse(text));
      expect(code).toBe('VAULT_KEYS_MALFORMED');
      if (text.trim().length > 3) expect(message).not.toContain(text);
    },
  );

  it('prints no key by accident', () => {
    expect(JSON.stringify({ keys: MasterKeys.parse(oldKey) })).toBe('{"keys":"[redacted]"}');
  });
});

describe('a sealed box', () => {
  it('opens for its recipient and its context alone', () => {
    const boxes = new SealedBoxes(MasterKeys.parse(newKey));
    const sealed = sealFor(boxes.publicKey, secret, context);
    expect(boxes.open(sealed, context)).toBe(secret);
    expect(Buffer.from(sealed).includes('hunter2')).toBe(false);
    expect(fault(() => boxes.open(sealed, 'venue-account:usr_2:binance-1')).code).toBe('VAULT_REFUSED');
    expect(fault(() => new SealedBoxes(MasterKeys.parse(oldKey)).open(sealed, context)).code).toBe('VAULT_REFUSED');
  });

  it('that was sealed before a rotation opens after it', () => {
    const sealed = sealFor(new SealedBoxes(MasterKeys.parse(oldKey)).publicKey, secret, context);
    expect(new SealedBoxes(MasterKeys.parse(`${newKey} ${oldKey}`)).open(sealed, context)).toBe(secret);
  });

  it('has the same recipient in every process with the same keys', () => {
    const [one, other] = [1, 2].map(() => new SealedBoxes(MasterKeys.parse(newKey)).publicKey);
    expect(one).toEqual(other);
  });

  it('is refused when any byte of it changes, and when its key is a point of low order', () => {
    const boxes = new SealedBoxes(MasterKeys.parse(newKey));
    const sealed = Buffer.from(sealFor(boxes.publicKey, secret, context));
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(fault(() => boxes.open(changed, context))).toBeInstanceOf(VaultFault);
    }
    const lowOrder = Buffer.concat([sealed.subarray(0, 1), Buffer.alloc(32), sealed.subarray(33)]);
    expect(fault(() => boxes.open(lowOrder, context)).code).toBe('VAULT_UNREADABLE');
    expect(fault(() => sealFor(new Uint8Array(31), secret, context)).code).toBe('VAULT_UNREADABLE');
  });
});
