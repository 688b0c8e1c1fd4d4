import { expect, it } from '@jest/globals';
import { checks } from '@scalpstorm/engine';
import { Quantity } from '@scalpstorm/model';
import { close, codeOf, wish } from '../../test/gate-scene.js';
import { handlerScene } from '../../test/handler-scene.js';

it('a gate without the lease approves nothing and denies nothing: whoever has it will hear the request', async () => {
  const { lease, verdicts, request } = handlerScene();
  expect((await request()).kind).toBe('done');
  lease.isHeld = false;
  expect((await request()).kind).toBe('retry');
  expect(verdicts.told).toEqual(['approved']);
});

it('a lease that is lost while a verdict is looked up stops the judgement', async () => {
  const { gate, lease, verdicts, request } = handlerScene();
  verdicts.lookingUp = () => {
    lease.isHeld = false;
  };
  expect((await request()).kind).toBe('retry');
  expect(verdicts.told).toEqual([]);
  expect(gate.dueReservations(10)).toEqual([]);
});

it('what became of an order is left to whoever has the lease', async () => {
  const { gate, lease, filled } = handlerScene();
  const entry = wish({ quantity: Quantity.of('0.01') });
  lease.isHeld = false;
  expect((await filled(entry)).kind).toBe('retry');
  expect(codeOf(gate.judge(close('0.01')))).toBe('EXCEEDS_POSITION');
  lease.isHeld = true;
  expect((await filled(entry)).kind).toBe('done');
  expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
});

it('verdicts are counted by their code, and every code that there is begins at 0', async () => {
  const { metrics, request } = handlerScene();
  const count = async (kind: string, code: string): Promise<string | undefined> => {
    const start = `scalpstorm_risk_verdicts_total{kind="${kind}",code="${code}"`;
    const line = (await metrics.registry.metrics()).split('\n').find((one) => one.startsWith(start));
    return line?.split(' ').at(-1);
  };
  const codes = checks.flatMap(({ refusals }) => refusals.map(({ code }) => code));
  expect(codes).toContain('MARKET_DATA_STALE');
  for (const code of codes) expect([code, await count('denied', code)]).toEqual([code, '0']);
  expect(await count('approved', 'NONE')).toBe('0');
  await request();
  expect(await count('approved', 'NONE')).toBe('1');
});

it('a gate without the lease answers no question and hears no halt: another may have been told more', async () => {
  const { lease, ask } = handlerScene();
  expect((await ask('halt')).ok).toBe(true);
  lease.isHeld = false;
  for (const kind of ['halt', 'release', 'state'] as const)
    await expect(ask(kind)).rejects.toMatchObject({ code: 'LEASE_LOST' });
  lease.isHeld = true;
  expect(await ask('state')).toMatchObject({ ok: true, value: { state: 'halted' } });
});
