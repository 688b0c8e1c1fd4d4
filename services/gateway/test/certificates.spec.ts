import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ResearchRequest, researchJobChanged } from '@scalpstorm/contracts';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { type Belongings, callOf } from './api-calls.js';
import { backtestOf, jobOf, researchAnswer } from './fake-backtests.js';
import { certificateJob, certificateJobOf, examinable } from './fake-certificates.js';
import { GatewayRig, type Member, meta } from './gateway-rig.js';
import { StreamClients } from './stream-client.js';

describeWithServers('certificates', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  let asked: ResearchRequest[] = [];

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    owner = await rig.setUp();
    rig.services.onResearch = (request) => {
      asked.push(request);
      return researchAnswer(request);
    };
  });
  afterAll(() => rig?.close());

  const get = (path: string, { token } = owner) => rig.ask('GET', `/v1/certificates${path}`, { token });
  const post = (body: object, token = owner.token) => rig.ask('POST', '/v1/certificates', { token, body });

  it('are requested as jobs, in the words of a bot', async () => {
    asked = [];
    const rule = { format: 1, id: 'mine' };
    const { status, body } = await post({ ...examinable, strategy: 'rule', parameters: { rule }, bars: 5_000 });
    expect(status).toBe(202);
    expect(body).toMatchObject({ strategy: 'rule', state: 'queued', final: false, version: null, valid: null });
    expect(asked).toMatchObject([
      {
        kind: 'submit',
        userId: owner.userId,
        job: { kind: 'certificate', spec: { strategy: 'rule', parameters: { rule }, bars: 5_000, seed: 1 } },
      },
    ]);
    await post(examinable);
    // How many are usual says research.
    expect(asked.at(-1)).toMatchObject({ job: { spec: expect.not.objectContaining({ bars: expect.anything() }) } });
  });

  it.each([
    [{ instrument: 'BTC' }, '/instrument'],
    [{ timeframe: '2m' }, '/timeframe'],
    [{ bars: 30_001 }, '/bars'],
    [{ from: '2026-01-01T00:00:00Z' }, '/from'],
    [{ parameters: 'fast' }, '/parameters'],
  ])('with %j are refused at the field', async (changes, pointer) => {
    const { status, body } = await post({ ...examinable, ...changes });
    expect([status, body.errors[0].pointer]).toEqual([422, pointer]);
  });

  it('are listed and shown with what was found, to nobody else', async () => {
    const id = certificateJobOf(owner.userId);
    expect((await get('')).body.data).toMatchObject([{ id, valid: true, version: 'ab'.repeat(32) }]);
    expect((await get(`/${id}`)).body).toMatchObject({ state: 'done', certificate: { checks: [{ passed: true }] } });
    const other = await rig.addUser(owner.token, 'other@example.com');
    expect((await get(`/${id}`, other)).status).toBe(404);
    const viewer = await rig.addUser(owner.token, 'viewer@example.com', 'viewer');
    expect((await get('', viewer)).status).toBe(200);
    expect((await post(examinable, viewer.token)).status).toBe(403);
  });

  it('are canceled like any job, and are no backtests, as backtests are no certificates', async () => {
    const [certificate, backtest] = [certificateJobOf(owner.userId), backtestOf(owner.userId)];
    const kinds = async (method: 'GET' | 'POST', path: string) => {
      asked = [];
      const { status } = await rig.ask(method, path, { token: owner.token, ...(method === 'POST' && { body: {} }) });
      return [status, ...asked.map(({ kind }) => kind)];
    };
    expect(await kinds('POST', `/v1/certificates/${certificate}/cancel`)).toEqual([202, 'get', 'cancel']);
    expect(await kinds('POST', `/v1/certificates/${backtest}/cancel`)).toEqual([404, 'get']);
    expect(await kinds('GET', `/v1/certificates/${backtest}`)).toEqual([404, 'get']);
    expect(await kinds('POST', `/v1/backtests/${certificate}/cancel`)).toEqual([404, 'get']);
    expect(await kinds('GET', `/v1/backtests/${certificate}`)).toEqual([404, 'get']);
  });

  it('do not come on the channel of backtests', async () => {
    const clients = new StreamClients(rig);
    const client = await clients.open();
    client.say({ op: 'auth', token: owner.token });
    client.say({ op: 'subscribe', channels: ['jobs'] });
    await eventually(() => expect(client.on('jobs')).toHaveLength(1));
    const { bus } = rig.speakers.research;
    bus.publish(researchJobChanged, { meta: meta(), job: certificateJob(owner.userId) });
    bus.publish(researchJobChanged, { meta: meta(), job: jobOf(owner.userId, { name: 'last' }) });
    await eventually(() => expect(client.on('jobs').at(-1)?.data).toMatchObject([{ name: 'last' }]));
    expect(JSON.stringify(client.frames)).not.toContain(certificateJobOf(owner.userId));
    clients.close();
  });

  it('that are wanting for a live bot are a conflict with a way out', async () => {
    const refusal = {
      ...{ code: 'STRATEGY_NOT_CERTIFIED', field: '', text: 'not examined yet', allowed: '' },
      next: 'scalpstorm certificates request …',
    };
    rig.services.onBot = async () => ({ ok: false, refusals: [refusal] });
    const { path, body: wanted } = callOf('createBot', {} as Belongings);
    const { status, body } = await rig.ask('POST', path, { token: owner.token, body: wanted ?? {} });
    expect([status, body.code]).toEqual([409, 'STRATEGY_NOT_CERTIFIED']);
    expect(JSON.stringify(body)).toContain('scalpstorm certificates request');
  });
});
