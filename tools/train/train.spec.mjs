import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Price } from '@scalpstorm/model';
import { parseTrainOptions } from './options.mjs';
import { recordedCapture } from './recorded-capture.mjs';

const folder = mkdtempSync(join(tmpdir(), 'scalpstorm-train-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function captureOf(name, lines) {
  const file = join(folder, name);
  const text = lines.join('\n');
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return file;
}

const quote = { stream: 'btcusdt@bookTicker', data: { u: 7, s: 'BTCUSDT', b: '100.10', B: '2', a: '100.20', A: '3' } };
const trade = {
  stream: 'btcusdt@trade',
  data: { e: 'trade', s: 'BTCUSDT', t: 9, p: '100.2', q: '0.5', T: 1, m: false },
};
const transfer = { ...trade, data: { ...trade.data, p: '0', q: '0' } };
const lines = [quote, trade, transfer, { lastUpdateId: 1, bids: [], asks: [] }].map(
  (message, index) => `172316125393708576${index} ${JSON.stringify(message)}`,
);

describe('the options of a training', () => {
  it('have defaults, and are read with or without an equals sign', () => {
    expect(parseTrainOptions([])).toMatchObject({ '--minutes': 240, '--name': 'direction', '--hidden': 0 });
    expect(parseTrainOptions(['--seed', '7', '--target-bps=2.5', '--json'])).toMatchObject({
      '--seed': 7,
      '--target-bps': 2.5,
      '--json': true,
    });
  });

  it.each([
    ['UNKNOWN_OPTION', ['--sed', '7']],
    ['INVALID_OPTION', ['--seed', 'x']],
    ['INVALID_OPTION', ['--name', 'Upper Case']],
    ['INVALID_OPTION', ['--for', 'anything']],
    ['INVALID_OPTION', ['--minutes']],
  ])('end with %s: %j', (code, args) => {
    expect(() => parseTrainOptions(args)).toThrow(expect.objectContaining({ code, exitCode: 2 }));
  });
});

describe('a recorded capture', () => {
  it.each(['plain.ws', 'packed.ws.gz'])(
    'gives best quotes and trades with the time when they were heard: %s',
    async (name) => {
      const events = await recordedCapture(captureOf(name, lines));
      expect(events.map(({ kind, at }) => [kind, at])).toEqual([
        ['quote', 1_723_161_253_937_085],
        ['trade', 1_723_161_253_937_085],
      ]);
      expect(events[0].quote).toMatchObject({ instrumentId: 'binance:BTC-USDT', bidPrice: Price.of('100.1') });
      expect(events[1].trade).toMatchObject({ aggressor: 'buy', price: Price.of('100.2') });
    },
  );

  it('that is none names the line', async () => {
    const broken = captureOf('broken.ws', [...lines, '1723161253937085765 {"stream":}']);
    await expect(recordedCapture(broken)).rejects.toMatchObject({ code: 'CAPTURE_NOT_READABLE', where: broken });
    const notPacked = captureOf('broken.ws.gz', lines);
    writeFileSync(notPacked, 'no gzip');
    await expect(recordedCapture(notPacked)).rejects.toMatchObject({ code: 'CAPTURE_NOT_READABLE' });
  });
});
