import { describe, expect, it } from '@jest/globals';
import { verifyAudit } from './audit.mjs';

const mark = (sequence) => ({ sequence, hash: String(sequence).padStart(64, '0') });
const chains = [
  { service: 'execution', chain: 'orders', answered: true },
  { service: 'risk-gate', chain: 'verdicts', answered: true },
];

/** A gateway whose chains have so many parts of ten rows; `faults` tells what is wrong with the part after a row. */
function gateway({ parts = 3, faults = {}, answered = true } = {}) {
  const asked = [];
  return {
    asked,
    auditChains: async () => chains.map((row) => ({ ...row, answered })),
    verifyAudit: async ({ service, after }) => {
      const from = after?.sequence ?? 0;
      asked.push(`${service} after ${from}`);
      const fault = faults[`${service} ${from}`] ?? null;
      return { rows: 10, last: mark(from + 10), complete: from + 10 >= parts * 10, fault };
    },
  };
}

describe('the audit after chaos', () => {
  it('is looked at from the first row of every chain to its last', async () => {
    const client = gateway();
    expect(await verifyAudit(client)).toEqual({ chains: 2, rows: 60, violations: [] });
    expect(client.asked.slice(0, 3)).toEqual(['execution after 0', 'execution after 10', 'execution after 20']);
  });

  it('is broken where one row of one part is', async () => {
    const fault = { kind: 'edited', sequence: 17, about: 'verdict on order x', text: 'it was changed' };
    const { violations } = await verifyAudit(gateway({ faults: { 'risk-gate 10': fault } }));
    expect(violations).toEqual(['the audit of risk-gate/verdicts, row 17 verdict on order x, edited: it was changed']);
  });

  it('is not known while a service does not answer, and is not taken for well when there is nothing in it', async () => {
    await expect(verifyAudit(gateway({ answered: false }))).rejects.toThrow('execution, risk-gate did not answer');
    const nothing = { auditChains: async () => [], verifyAudit: async () => ({}) };
    expect((await verifyAudit(nothing)).violations).toEqual(['the audit has no rows']);
  });
});
