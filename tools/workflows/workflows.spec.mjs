import { describe, expect, it } from '@jest/globals';
import { root } from '../paths.mjs';
import { checkWorkflows, readTexts } from './check.mjs';

const texts = readTexts(root);
const at = (file) => (file.includes('.') && /^(SECURITY|package)/.test(file) ? file : `.github/${file}`);

/** What is found when one of the files says something else in one place. */
function failuresWith(file, from, to) {
  const path = at(file);
  const changed = texts[path].replace(from, to);
  expect(changed).not.toBe(texts[path]);
  return checkWorkflows({ root, texts: { ...texts, [path]: changed } }).failures.join('\n');
}

const ci = 'workflows/ci.yml';
const images = 'workflows/images.yml';
const release = 'workflows/release.yml';
const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';

describe('the workflows', () => {
  it('are sound', () => {
    const { failures, workflows, jobs, steps, actions } = checkWorkflows({ root });
    expect(failures).toEqual([]);
    expect(workflows).toBeGreaterThanOrEqual(6);
    expect(jobs).toBeGreaterThan(workflows);
    expect(steps).toBeGreaterThan(jobs);
    expect(actions).toBeGreaterThan(5);
  });

  it.each([
    ['broken YAML', ci, 'jobs:', 'jobs: [', 'Nested mappings'],
    ['a key twice', ci, 'permissions: {}', 'permissions: {}\npermissions: {}', 'must be unique'],
    ['a misspelt key', ci, 'runs-on:', 'run-on:', 'Unrecognized key: "run-on"'],
    ['a misspelt key of a step', ci, 'run: npm run lint', 'runs: npm run lint', 'Unrecognized key: "runs"'],
    ['a trigger that runs the code of strangers', ci, 'pull_request:', 'pull_request_target:', 'pull_request_target'],
    ['rights for all jobs', ci, 'permissions: {}', 'permissions: write-all', 'permissions'],
    ['a job without rights', ci, '    permissions:\n      contents: read\n', '', 'permissions'],
    ['a right that is not known', ci, 'contents: read', 'content: read', 'Unrecognized key: "content"'],
    ['a right to write', ci, 'contents: read', 'contents: write', 'may write contents'],
    ['an identity for a job that signs nothing', images, 'packages: write', 'id-token: write', 'may write id-token'],
    ['a job without end', ci, '    timeout-minutes: 20\n', '', 'timeout-minutes'],
    ['a time-out of a day', ci, 'timeout-minutes: 20', 'timeout-minutes: 1440', 'timeout-minutes'],
    ['no concurrency', ci, /concurrency:\n.*\n.*\n/, '', 'concurrency'],
    ['an action by its tag', ci, checkout, 'actions/checkout@v7', 'is not pinned by a full commit'],
    ['an action by a short commit', ci, checkout, 'actions/checkout@3d3c42e # v7.0.1', 'is not pinned'],
    ['an action of which nobody knows the version', ci, checkout, checkout.split(' ')[0], 'says no version'],
    ['a token left in the clone', ci, 'persist-credentials: false', 'fetch-depth: 1', 'leaves its token'],
    [
      'a text of a stranger in a command',
      ci,
      'npm run lint',
      `echo "\${{ github.event.pull_request.title }}"`,
      'pass it in env',
    ],
    ['a branch in a command', ci, 'npm run lint', `echo "\${{ github.head_ref }}"`, 'pass it in env'],
    ['a script that is not there', ci, 'npm run k8s:check', 'npm run k8s:chek', 'no script k8s:chek'],
    [
      'a file that is not there',
      ci,
      'tools/workflows/coverage.mjs',
      'tools/workflows/covered.mjs',
      'names tools/workflows/covered.mjs',
    ],
    [
      'a configuration that is not there',
      'workflows/security.yml',
      '.github/gitleaks.toml',
      '.github/leaks.toml',
      'names .github/leaks.toml',
    ],
    ['whatever is the latest', ci, 'actionlint@v1.7.12', 'actionlint@latest', 'whatever is the latest'],
    [
      'a download that is run',
      ci,
      'npm run lint',
      'curl https://example.com/x | sh',
      'runs what it has just downloaded',
    ],
    ['a wait for nobody', ci, 'needs: [lint,', 'needs: [lind,', 'there is no such job'],
    ['a job that may fail unseen', ci, ', shipped]', ']', 'does not wait for shipped'],
    [
      'containers that nobody starts',
      ci,
      /docker compose up/g,
      'docker compose build',
      'nobody runs docker compose up',
    ],
    [
      'suites of containers where no engine is',
      ci,
      /npm run containers:test/,
      'true',
      'nobody runs npm run containers:test',
    ],
    [
      'back-ups that nobody proves',
      ci,
      'run: npm run backup:check -- --json',
      'run: true',
      'nobody runs npm run backup',
    ],
    ['a job that waits for itself', release, 'needs: [ci]', 'needs: [ci, publish]', 'waits for itself'],
    [
      'a workflow that is not there',
      release,
      './.github/workflows/ci.yml',
      './.github/workflows/c.yml',
      'there is none',
    ],
    [
      "somebody else's workflow",
      release,
      './.github/workflows/ci.yml',
      'x/y/.github/workflows/ci.yml@main',
      'not a workflow of this repository',
    ],
    ['a path filter on nothing', images, '- Dockerfile', '- Dockerfiles', 'there is no Dockerfiles'],
    ['a target less', images, ' kafka-bridge', '', 'TARGETS is not what the Dockerfile has'],
    ['the oldest Node not tried', ci, '["20", "22"', '["22"', 'does not try Node 20'],
    [
      'a container with another Node',
      ci,
      'node:26.10.0-bookworm',
      'node:26-bookworm',
      'runs in node:26-bookworm, not in',
    ],
    ['the pinned Node not tried', ci, ', "26"]', ']', 'does not try Node 26'],
    [
      'a script that has gone',
      'package.json',
      '"observability:check"',
      '"observability:look"',
      'no script observability:check',
    ],
  ])('with %s are not', (_, file, from, to, said) => {
    expect(failuresWith(file, from, to)).toContain(said);
  });
});

describe('what stands beside them', () => {
  it.each([
    [
      'an ecosystem that is not known',
      'dependabot.yml',
      'package-ecosystem: npm',
      'package-ecosystem: npn',
      'package-ecosystem',
    ],
    [
      'an update without a schedule',
      'dependabot.yml',
      '    schedule: { interval: weekly, day: monday }\n',
      '',
      'schedule',
    ],
    [
      'a form with a misspelt key',
      'ISSUE_TEMPLATE/bug.yml',
      'validations:',
      'validation:',
      'Unrecognized key: "validation"',
    ],
    ['a contact without an address', 'ISSUE_TEMPLATE/config.yml', /url: .*/, 'url: none', 'contact_links.0.url'],
    ['an owner of nothing', 'CODEOWNERS', 'services/gateway/', 'services/gate/', 'there is no services/gate/'],
    ['a path of nobody', 'CODEOWNERS', /k8s\/ .*/, 'k8s/', 'nobody owns k8s/'],
    [
      'a team that nobody explains',
      'CODEOWNERS',
      '@your-organization/trading',
      '@your-organization/desk',
      'says nothing of',
    ],
    ['nobody for the rest', 'CODEOWNERS', /^\* .*$/m, '', 'no owner of everything'],
    ['a link to nowhere', 'SECURITY.md', 'docs/venues.md', 'docs/venue.md', 'there is no docs/venue.md'],
  ])('with %s is not sound', (_, file, from, to, said) => {
    expect(failuresWith(file, from, to)).toContain(said);
  });
});
