import { describe, expect, it } from '@jest/globals';
import { triggerText } from './trigger-text.js';

const clock = (iso: string) => iso.slice(11, 16);
const stop = { kind: 'stop', source: 'last', price: '59000', distanceBps: null, activationPrice: null } as const;
const trailing = { ...stop, kind: 'trailing', price: null, distanceBps: 150, activationPrice: null } as const;

describe('the terms of an order', () => {
  it('are nothing for an order without any', () => {
    expect(triggerText({}, clock)).toBe('');
    expect(triggerText({ trigger: null, expiresAt: null, displayQuantity: null }, clock)).toBe('');
  });

  it('name the price that a stop waits for, and by which price it goes where that is not the last', () => {
    expect(triggerText({ trigger: stop }, clock)).toBe('stop at 59,000');
    expect(triggerText({ trigger: { ...stop, kind: 'take-profit', source: 'mid' } }, clock)).toBe(
      'take-profit at 59,000, by the middle of the book',
    );
  });

  it('name how far one that trails stays behind, and from where on', () => {
    expect(triggerText({ trigger: trailing }, clock)).toBe('trailing by 1.5 %');
    expect(triggerText({ trigger: { ...trailing, activationPrice: '61000.5', source: 'mark' } }, clock)).toBe(
      'trailing by 1.5 % from 61,000.5 on, by the mark price',
    );
  });

  it('tell the end as the page tells times, and what others see of it', () => {
    const expiresAt = '2026-11-22T14:30:00.000Z';
    expect(triggerText({ expiresAt, displayQuantity: '0.01' }, clock)).toBe('until 14:30, shows 0.01');
  });
});
