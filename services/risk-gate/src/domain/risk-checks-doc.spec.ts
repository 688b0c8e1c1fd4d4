import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { checks } from '@scalpstorm/engine';
import { limitDefaults } from '../config.js';
import { riskChecksDocument } from './risk-checks-doc.js';

const document = riskChecksDocument(limitDefaults());

it('docs/risk-checks.md is what scripts/risk-checks-doc.mjs writes today', () => {
  expect(readFileSync(new URL('../../../../docs/risk-checks.md', import.meta.url), 'utf8')).toBe(document);
});

it('docs/risk-checks.md names every code, and every setting with its default', () => {
  for (const { refusals } of checks) for (const { code } of refusals) expect(document).toContain(`\`${code}\``);
  expect(document.match(/^\| `RISK_[A-Z_]+` \| \S+ \| [a-z, ]*\|$/gm)?.length).toBe(
    new Set(document.match(/`RISK_[A-Z_]+`/g)).size,
  );
});
