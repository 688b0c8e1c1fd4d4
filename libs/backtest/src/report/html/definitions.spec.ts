import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { playedRun } from '../../../test/played-run.js';
import { withFigures } from '../figures-doc.js';
import { type RunReport, reportOf } from '../run-report.js';
import { allFigures, figureOf, keyFigures } from './definitions.js';
import { numberOf, textOf } from './report-figure.js';

let report: RunReport;
beforeAll(() => {
  report = reportOf(playedRun());
});

describe('the figures of reports', () => {
  it.each(allFigures.map(({ id }) => id))('%s is a number of a run that traded', (id) => {
    expect(numberOf(figureOf(id), report)).toEqual(expect.any(Number));
    expect(textOf(figureOf(id), report)).not.toMatch(/^–$|NaN|undefined/);
  });

  it('are one of a kind, and the first glance is among them', () => {
    expect(new Set(allFigures.map(({ id }) => id)).size).toBe(allFigures.length);
    expect(keyFigures.map((id) => figureOf(id).id)).toEqual(keyFigures);
    expect(() => figureOf('luck')).toThrow('there is no figure luck');
  });

  it('are a dash where there is none', () => {
    const without = { ...report, summary: { ...report.summary, sortino: null } };
    expect(textOf(figureOf('sortino'), without)).toBe('–');
  });

  it('are what docs/reports.md says', () => {
    const document = readFileSync(new URL('../../../../../docs/reports.md', import.meta.url), 'utf8');
    expect(withFigures(document)).toBe(document);
  });
});
