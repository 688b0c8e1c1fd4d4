import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Refusal, type ResearchRequest, researchJobChanged } from '@scalpstorm/contracts';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { backtestOf, jobOf, researchAnswer, testable } from './fake-backtests.js';
import { optimisationJob, optimisationOf, searchable, searchSpec } from './fake-optimisations.js';
import { GatewayRig, type Member, meta } from './gateway-rig.js';
import { StreamClients } from './stream-client.js';

describeWithServers('backtests', (servers) => {
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

  const get = (path: string) => rig.ask('GET', `/v1/backtests${path}`, { token: owner.token });
  const post = (body: object, headers: Record<string, string> = {}) =>
    rig.ask('POST', '/v1/backtests', { token: owner.token, body, headers });
  const mine = () => `/${backtestOf(owner.userId)}`;

  it('are queued with every default said, and shown in the words in which they were sent', async () => {
    const { status, body } = await post({ ...testable, feeBps: 5, size: { kind: 'cash', value: 100 } });
    expect(status).toBe(202);
    const { from, to, ...same } = testable;
    expect(body).toMatchObject({ ...same, state: 'queued', final: false, summary: null, makerFeeBps: 5, progress: 0 });
    expect(body).toMatchObject({ size: { kind: 'cash', value: 100 }, from: '2026-01-01T00:00:00.000Z' });
    expect(asked.at(-1)).toMatchObject({
      kind: 'submit',
      userId: owner.userId,
      job: { kind: 'backtest', priority: 'normal', spec: { cash: 10_000, fast: false, liquidityShare: null } },
    });
  });

  it('are the same under the same key, and asked for once', async () => {
    asked = [];
    const headers = { 'idempotency-key': 'backtest-1' };
    const [first, second] = [await post(testable, headers), await post(testable, headers)];
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(asked).toHaveLength(1);
    const other = await post({ ...testable, cash: 5 }, headers);
    expect(other.body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it.each([
    [{ cash: 0 }, '/cash'],
    [{ instrument: 'BTC' }, '/instrument'],
    [{ timeframe: '2m' }, '/timeframe'],
    [{ from: 'yesterday' }, '/from'],
    [{ size: { kind: 'half' } }, '/size/kind'],
    [{ feeBbs: 1 }, '/feeBbs'],
  ])('with %j are refused at the field', async (changes, pointer) => {
    const { status, body } = await post({ ...testable, ...changes });
    expect([status, body.errors[0].pointer]).toEqual([422, pointer]);
  });

  it('give equity and trades in pages that go on where the one before ended', async () => {
    const first = await get(`${mine()}/equity?limit=2`);
    expect(first.body).toMatchObject({ hasMore: true, data: [{ equity: 10_000 }, { equity: 10_001 }] });
    const second = await get(`${mine()}/equity?limit=2&after=${first.body.nextCursor}`);
    expect(second.body.data.map((row: { equity: number }) => row.equity)).toEqual([10_002, 10_003]);
    const last = await get(`${mine()}/equity?limit=2&after=${second.body.nextCursor}`);
    expect(last.body).toMatchObject({ hasMore: false, nextCursor: null, data: [{ equity: 10_004 }] });
    expect((await get(`${mine()}/trades`)).body.data).toMatchObject([{ net: 0.08, exitTag: 'crossed' }]);
  });

  it('are listed in as many questions as it takes', async () => {
    rig.services.onResearch = (request) => {
      if (request.kind !== 'list') return researchAnswer(request);
      const newest = Number(request.before ?? 301n) - 1;
      // As many as fit into an answer, which may be fewer than were asked for.
      const count = Math.min(request.limit, newest, 1 + (newest % 40));
      const jobs = Array.from({ length: count }, (_, at) => jobOf(owner.userId, { sequence: BigInt(newest - at) }));
      return { ok: true, value: { kind: 'jobs', jobs } };
    };
    const { body } = await get('?limit=250');
    expect([body.data.length, body.hasMore]).toEqual([250, true]);
    const rest = await get(`?limit=250&after=${body.nextCursor}`);
    expect([rest.body.data.length, rest.body.hasMore]).toEqual([50, false]);
    rig.services.onResearch = researchAnswer;
  });

  it('tell on the stream what becomes of them, to their user alone', async () => {
    const clients = new StreamClients(rig);
    const other = await rig.addUser(owner.token, 'other@example.com');
    const [mineIs, theirs] = [await clients.open(), await clients.open()];
    for (const [client, { token }] of [[mineIs, owner] as const, [theirs, other] as const]) {
      client.say({ op: 'auth', token });
      client.say({ op: 'subscribe', channels: ['jobs'] });
      await eventually(() => expect(client.on('jobs')).toHaveLength(1));
    }
    const job = jobOf(owner.userId, { state: 'running', progress: 0.5, finishedAt: null });
    rig.speakers.research.bus.publish(researchJobChanged, { meta: meta(), job });
    await eventually(() =>
      expect(mineIs.on('jobs').at(-1)?.data).toMatchObject([{ id: job.id, state: 'running', progress: 0.5 }]),
    );
    rig.speakers.research.bus.publish(researchJobChanged, { meta: meta(), job: jobOf(other.userId) });
    await eventually(() => expect(theirs.on('jobs')).toHaveLength(2));
    expect(JSON.stringify(theirs.frames)).not.toContain(job.id);
    clients.close();
  });

  it('have searches beside them, which are queued, listed, canceled and told of in the same way', async () => {
    asked = [];
    rig.services.onResearch = (request) => {
      asked.push(request);
      return researchAnswer(request);
    };
    const ask = (method: 'GET' | 'POST', path: string, body?: object) =>
      rig.ask(method, `/v1/optimisations${path}`, { token: owner.token, ...(body && { body }) });
    const queued = await ask('POST', '', searchable);
    expect([queued.status, queued.body.state, queued.body.kind]).toEqual([202, 'queued', 'optimisation']);
    expect(asked).toMatchObject([{ kind: 'submit', job: { kind: 'optimisation', spec: searchSpec } }]);
    const id = optimisationOf(owner.userId);
    const shown = { id, space: searchable.space, result: { verdict: { code: 'NOT_ENOUGH_EVIDENCE' } } };
    expect((await ask('GET', '')).body.data).toMatchObject([shown]);
    expect((await ask('GET', `/${id}`)).body).toMatchObject(shown);
    expect((await ask('POST', `/${id}/cancel`, {})).status).toBe(202);
    expect((await ask('GET', mine())).status).toBe(404);
    const refused = await ask('POST', '', { ...searchable, folds: { groups: 1 }, search: { kind: 'luck' } });
    const pointers = refused.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect([refused.status, pointers.toSorted()]).toEqual([422, ['/folds/groups', '/search/kind']]);
    const clients = new StreamClients(rig);
    const client = await clients.open();
    client.say({ op: 'auth', token: owner.token });
    client.say({ op: 'subscribe', channels: ['jobs'] });
    await eventually(() => expect(client.on('jobs')).toHaveLength(1));
    const kinds = client.on('jobs')[0]?.data as readonly { readonly kind: string }[];
    expect(kinds.map(({ kind }) => kind)).toEqual(['backtest', 'optimisation']);
    const job = optimisationJob(owner.userId, { state: 'running', progress: 0.25, finishedAt: null });
    rig.speakers.research.bus.publish(researchJobChanged, { meta: meta(), job });
    await eventually(() => expect(client.on('jobs').at(-1)?.data).toMatchObject([{ id, progress: 0.25 }]));
    clients.close();
  });

  it.each([
    ['JOB_NOT_FOUND', 404, 'NOT_FOUND'],
    ['JOB_KEY_REUSED', 409, 'IDEMPOTENCY_KEY_REUSED'],
    ['JOB_OVER', 409, 'JOB_OVER'],
    ['JOB_NOT_DONE', 409, 'JOB_NOT_DONE'],
    ['TOO_MANY_JOBS', 409, 'TOO_MANY_JOBS'],
    ['JOB_QUEUE_FULL', 503, 'JOB_QUEUE_FULL'],
    ['UNKNOWN_STRATEGY', 422, 'UNKNOWN_STRATEGY'],
  ])('refused by research with %s are refused with %i', async (code, status, told) => {
    const refusal: Refusal = { code, field: '', text: 'no', allowed: '', next: 'Do something else.' };
    rig.services.onResearch = () => ({ ok: false, refusals: [refusal] });
    const answer = await rig.ask('POST', `/v1/backtests${mine()}/cancel`, { token: owner.token, body: {} });
    expect([answer.status, answer.body.code]).toEqual([status, told]);
    rig.services.onResearch = researchAnswer;
  });
});
