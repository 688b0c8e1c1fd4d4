import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { playedRun, trade } from '../../../test/played-run.js';
import { readReport } from '../files/read-report.js';
import { reportFiles } from '../files/report-files.js';
import type { RunRecord } from '../run-record.js';
import { reportOf } from '../run-report.js';
import { allFigures } from './definitions.js';
import { reportPage } from './report-page.js';
import { script } from './script.js';
import { style } from './style.js';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
const pageOf = (record: RunRecord): string => reportPage(reportOf(record), digest);
const hostile = `"><script>alert('x')</script><img src=x onerror=alert(1)>`;

describe('the page of a run', () => {
  it('is the same bytes for the same run, kept in between or not', () => {
    const page = pageOf(playedRun());
    expect(pageOf(playedRun())).toBe(page);
    const kept = readReport(reportFiles(reportOf(playedRun())));
    expect(kept.ok && reportPage(kept.value, digest)).toBe(page);
  });

  it('asks for nothing elsewhere and lets only its own style and script work', () => {
    const page = pageOf(playedRun());
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|\/\/[a-z]|url\(|@import|<link|<img|\ssrc=/i,
    );
    expect(page).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${digest(style)}&#39;; script-src &#39;sha256-${digest(script)}&#39;`,
    );
    expect(page).not.toMatch(/\s(style|on[a-z]+)="/i);
    expect(page.match(/<script/g)).toHaveLength(2);
  });

  it('makes text of whatever a name holds', () => {
    const played = playedRun();
    const tagged = trade({ symbol: hostile, entryTag: hostile, exitTag: hostile, exitReason: hostile, side: 'long' });
    const page = pageOf({
      ...played,
      summary: {
        ...played.summary,
        strategy: hostile,
        parameters: { [hostile]: hostile },
        warnings: [{ code: hostile, text: hostile, next: hostile }],
      },
      provenance: { ...played.provenance, data: [{ name: hostile, hash: hostile }], path: hostile, codeHash: hostile },
      trades: [...played.trades.slice(0, -1), tagged],
    });
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toContain('<img');
    expect(page.split('&lt;script&gt;alert(&#39;x&#39;)').length).toBeGreaterThan(10);
  });

  it('tells every figure with its meaning, every warning with its next step, hashes and seeds', () => {
    const played = playedRun();
    const warnings = [{ code: 'DATA_HAS_GAPS', text: 'Two of them.', next: 'Fill them.' }];
    const page = pageOf({ ...played, summary: { ...played.summary, warnings } });
    for (const { id, label } of allFigures) {
      expect(page).toContain(`<div id="means-${id}"><dt>${label}</dt>`);
      expect(page).toContain(`href="#means-${id}"`);
    }
    expect(page).toContain('<b>DATA_HAS_GAPS</b> Two of them.<span class="next">→ Fill them.</span>');
    for (const hash of ['ab', 'cd']) expect(page).toContain(`<code>${hash.repeat(32)}</code>`);
    expect(page).toContain('<th scope="row">Seeds</th><td>3</td>');
  });

  it('says how many round trips it leaves out, and where they are', () => {
    const played = playedRun();
    const many = Array.from({ length: 1_234 }, () => trade());
    expect(pageOf({ ...played, trades: many })).toContain('1,034 older round trips are left out here; trades.jsonl of');
    expect(pageOf({ ...played, trades: many.slice(0, 200) })).not.toContain('left out');
  });

  it('can show a run that never traded, and one without a single price', () => {
    const played = playedRun();
    const page = pageOf({ ...played, trades: [], price: null, hold: null, bars: null });
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(page).not.toContain('id="course"');
    expect(pageOf(played)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('draws what the strategy looks at, kept in between or not', () => {
    const report = reportOf(playedRun(1_000, 'macd-trend'));
    const kept = readReport(reportFiles(report));
    const page = reportPage(report, digest);
    expect(kept.ok && reportPage(kept.value, digest)).toBe(page);
    expect(page).toContain('<figure class="chart" id="pane-1">');
    expect(page).toMatch(/"pane-1":\{"from":\d+,"to":\d+,"lines":\[\{"name":"macd","time":1,/);
  });

  it('stays below a megabyte and a half for a million bars', () => {
    expect(pageOf(playedRun(1_000_000)).length).toBeLessThan(1_500_000);
  });
});
