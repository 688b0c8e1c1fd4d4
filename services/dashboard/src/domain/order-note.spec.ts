import { describe, expect, it } from '@jest/globals';
import { orderNote } from './order-note.js';

/** As the model names them. */
const cancelReasons = ['stop', 'update', 'delete', 'halt', 'flatten', 'replace', 'manual'];
const venueSays = { code: 'VENUE_CANCELED', text: 'the venue says canceled' };

describe('the note of an order', () => {
  it('says why it was canceled, and not that the venue says so', () => {
    const note = orderNote({ status: 'canceled', cancelReason: 'replace', reason: venueSays });
    expect(note).toBe('another order takes its place');
    expect(orderNote({ status: 'canceled', cancelReason: 'flatten', reason: venueSays })).toMatch(/market/);
    expect(orderNote({ status: 'pending-cancel', cancelReason: 'halt', reason: null })).toBe('trading was halted');
  });

  it('has words for every reason', () => {
    const notes = cancelReasons.map((cancelReason) => orderNote({ status: 'canceled', cancelReason, reason: null }));
    expect(new Set(notes).size).toBe(cancelReasons.length);
    for (const note of notes) expect(note).toContain(' ');
    expect(orderNote({ status: 'canceled', cancelReason: 'some-day', reason: null })).toBe('some day');
  });

  it('says as well what else is told of it', () => {
    const refused = { code: 'CANCEL_REFUSED', text: 'the venue refused' };
    expect(orderNote({ status: 'accepted', cancelReason: 'manual', reason: refused })).toBe(
      'canceled by hand; the venue refused',
    );
    expect(orderNote({ status: 'filled', cancelReason: 'stop', reason: null })).toBe(
      'filled before the cancel: the bot was stopped',
    );
    expect(orderNote({ status: 'canceled', cancelReason: null, reason: venueSays })).toBe('the venue says canceled');
    expect(orderNote({ status: 'filled', cancelReason: null, reason: null })).toBe('');
  });
});
