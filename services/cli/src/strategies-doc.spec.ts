import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'strategies-doc-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Block {
  readonly language: string;
  readonly file: string;
  readonly text: string;
}

const page = readFileSync(join(root, 'docs/strategies.md'), 'utf8');
const blocks: readonly Block[] = [...page.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', file = '', text = '']) => ({ language, file, text }),
);
const commands = blocks.filter(({ language }) => language === 'sh');

/** As a reader does it: files written, commands run, one after another in one folder. */
function follow(): string {
  let said = '';
  const [{ text: alias } = { text: '' }] = commands;
  for (const { language, file, text } of blocks) {
    if (file !== '') {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    if (language !== 'sh') continue;
    const script = text === alias ? text : `${alias.split('\n')[0]}\n${text}`;
    const env = {
      ...process.env,
      PROJECT: root,
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_DATA_HOME: join(folder, 'data'),
    };
    said += execFileSync('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).toString();
  }
  return said;
}

describe('docs/strategies.md', () => {
  it('does what it says, from the first command to the last', () => {
    expect(commands.length).toBeGreaterThan(3);
    const said = follow();
    for (const expected of [
      'pass 2',
      'pass 1',
      'my-dip keeps what every strategy must keep.',
      'my-dip average=30 lower=2 stopPercent=2',
      'my-dip on BTC-USDT',
      'hourly keeps what every strategy must keep.',
      'calm-trend keeps what every strategy must keep.',
      'calm-trend period=10 gain=2',
      'own, version 1',
      'shared.json',
    ])
      expect(said).toContain(expected);
    expect(JSON.parse(readFileSync(join(folder, 'shared.json'), 'utf8'))).toEqual(
      JSON.parse(readFileSync(join(folder, 'calm-trend.json'), 'utf8')),
    );
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(folder, 'my-dip')]);
  });

  it('leaves out only what needs a platform', () => {
    const apart = blocks.filter(({ language, file }) => language !== 'sh' && file === '');
    expect(new Set(apart.map(({ language }) => language))).toEqual(new Set(['console']));
    const said = apart.flatMap(({ text }) => text.replaceAll('\\\n', ' ').trim().split('\n'));
    for (const command of said) expect(command).toMatch(/^(npm .* start |scalpstorm (bots|certificates|strategies) )/);
  });
});
