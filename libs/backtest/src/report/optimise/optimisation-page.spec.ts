import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { searched } from '../../../test/searched.js';
import { type OptimisationReport, optimisationPage } from './optimisation-page.js';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
let report: OptimisationReport;
beforeAll(async () => {
  report = await searched();
});

describe('the page of an optimisation', () => {
  it('is the same bytes for the same search', async () => {
    expect(optimisationPage(await searched(), digest)).toBe(optimisationPage(report, digest));
  });

  it('tells the verdict with its reasons first, then what was judged out of sample, then the rest', () => {
    const page = optimisationPage(report, digest);
    const { verdict, walkForward, crossValidation, top, robustness } = report.result;
    expect(page).toContain(`<b>${verdict.code}</b>`);
    for (const { code } of verdict.reasons) expect(page).toContain(`<b>${code}</b>`);
    const places = [
      'class="warnings"',
      'id="equity"',
      'Walk forward',
      'Cross-validation',
      'The best in sample',
      'About the best',
    ];
    const found = places.map((place) => page.indexOf(place, page.indexOf('<main>')));
    expect(found.every((place, at) => place > (found[at - 1] ?? 0))).toBe(true);
    const rows = (walkForward?.windows.length ?? 0) + (crossValidation?.folds.length ?? 0) + top.length;
    expect(rows).toBeGreaterThan(10);
    expect(robustness.tables.length).toBeGreaterThan(0);
    expect(page.split('fast ').length).toBeGreaterThan(rows);
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('can do without tests out of sample', () => {
    const result = { ...report.result, walkForward: null, crossValidation: null, monteCarlo: null };
    const page = optimisationPage({ ...report, result, outOfSample: null }, digest);
    expect(page).not.toContain('id="equity"');
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('makes text of whatever a name holds', () => {
    const hostile = '<script>alert(1)</script>';
    const best = { ...report.result.best, parameters: { [hostile]: hostile } };
    const result = { ...report.result, strategy: hostile, best, top: [best], fixed: { [hostile]: hostile } };
    expect(optimisationPage({ ...report, result }, digest).match(/<script/g)).toHaveLength(2);
  });
});
