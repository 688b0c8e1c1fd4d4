import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, loadPackageDefinition, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { activityLogged, orderChanged, tradeTicked } from '@scalpstorm/contracts';
import { BotService, FrameType, RiskService, StreamService, UserService } from '@scalpstorm/contracts/api';
import { BotId, ClientOrderId, Price, TradeId, type UserId } from '@scalpstorm/model';
import {
  aBot,
  aFill,
  anActivity,
  anOrder,
  anOrderRequest,
  aTrade,
  describeWithServers,
  eventually,
} from '@scalpstorm/testkit';
import { protoPath } from 'grpc-health-check';
import postgres from 'postgres';
import { bodyBytesMax } from '../src/handlers/http/problem.filter.js';
import { GatewayRig, meta } from './gateway-rig.js';
import { GrpcClient, problemOf } from './grpc-client.js';

const { watch } = StreamService.method;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const ownChannels = ['bots', 'orders', 'fills', 'activity', 'accounts', 'state'];

describeWithServers('the gRPC door on real servers', (servers) => {
  let rig: GatewayRig;
  let client: GrpcClient;
  let address: string;
  let token: string;
  let userId: UserId;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0' });
    address = rig.gateway.grpcAddress ?? '';
    client = new GrpcClient(address);
    ({ token, userId } = await rig.setUp());
  });
  afterAll(async () => {
    client.close();
    await rig.close();
  });

  it('tells its health, of the whole and of every service, and knows no other', async () => {
    const { grpc } = loadPackageDefinition(loadSync(protoPath, { enums: String })) as unknown as {
      grpc: { health: { v1: { Health: new (address: string, credentials: unknown) => Client & HealthCalls } } };
    };
    const health = new grpc.health.v1.Health(address, credentials.createInsecure());
    const check = (service: string) =>
      new Promise<string>((resolve) =>
        health.check({ service }, (error, answer) =>
          resolve(error === null ? answer.status : (status[error.code] ?? '')),
        ),
      );
    await eventually(async () => expect(await check('')).toBe('SERVING'));
    expect(await check('scalpstorm.api.v1.BotService')).toBe('SERVING');
    expect(await check('nobody')).toBe('NOT_FOUND');
    health.close();
  });

  it('heeds a deadline: the client is told, and a call that is over does not begin', async () => {
    const id = 'bot_dead0001';
    await rig.announce(aBot({ id: BotId.of(id), userId }));
    await eventually(async () => expect((await client.call(BotService.method.getBot, { id }, { token })).code).toBe(0));
    const answered = /grpc_call_duration_seconds_count\{.*BotService\/StartBot".*code="INVALID_ARGUMENT"\S* 1/;
    const sql = postgres(servers.postgresUrl, { max: 1, onnotice: () => undefined });
    const schema = `${rig.world.place.namespace.replaceAll('-', '_')}_gateway`;
    await sql.begin(async (tx) => {
      await tx`LOCK TABLE ${sql(schema)}.idempotency_keys IN ACCESS EXCLUSIVE MODE`;
      const isWaiting = async () => {
        const waiting = await tx`
          SELECT pid FROM pg_locks JOIN pg_class ON pg_class.oid = relation JOIN pg_namespace ON pg_namespace.oid = relnamespace
          WHERE NOT granted AND nspname = ${schema}`;
        expect(waiting).not.toHaveLength(0);
      };
      // Longer and longer, until one has come as far as the ledger before its time was over.
      for (let deadlineMs = 500; deadlineMs < 30_000; deadlineMs *= 2) {
        const asking = { token, deadlineMs, metadata: { 'idempotency-key': `late-${deadlineMs}` } };
        const late = client.call(BotService.method.startBot, { id }, asking);
        const hasCome = await eventually(isWaiting, { timeoutMs: deadlineMs }).then(
          () => true,
          () => false,
        );
        expect((await late).code).toBe(status.DEADLINE_EXCEEDED);
        if (hasCome) break;
      }
    });
    await sql.end();
    await eventually(async () => expect(await (await rig.operations('/metrics')).text()).toMatch(answered));
    expect(rig.services.commands.filter(({ kind }) => kind === 'verb')).toEqual([]);
  });

  it('answers bytes that are no message with a code and the request’s id, and answers the next', async () => {
    const asking = { token, bytes: Uint8Array.of(0xff, 0xff), metadata: { 'x-request-id': 'req-2' } };
    const { code, problem, trailers } = await client.call(BotService.method.getBot, {}, asking);
    expect([code, problem?.code, problem?.status]).toEqual([status.INVALID_ARGUMENT, 'BAD_REQUEST', 400]);
    expect([trailers.get('scalpstorm-code'), trailers.get('request-id')]).toEqual([['BAD_REQUEST'], ['req-2']]);
    const error = (await client.watch(watch, {}, asking).ended) as ServiceError;
    expect([error.code, problemOf(error.metadata)?.code]).toEqual([status.INVALID_ARGUMENT, 'BAD_REQUEST']);
    expect((await client.call(UserService.method.getMe, {}, { token })).code).toBe(0);
  });

  it('refuses a message that is too large, and answers the next', async () => {
    const text = 'x'.repeat(bodyBytesMax + 1);
    expect((await client.call(RiskService.method.halt, { text }, { token })).code).toBe(status.RESOURCE_EXHAUSTED);
    expect((await client.call(UserService.method.getMe, {}, { token })).code).toBe(0);
  });

  it.each([
    ['no token', undefined],
    ['a token that is none', 'not.a.token'],
    ['a token with something behind it', 'a b'],
  ])('tells %s what to do', async (_, wrong) => {
    const asking = wrong === undefined ? {} : { token: wrong };
    const answer = await client.call(UserService.method.getMe, {}, asking);
    expect(answer).toMatchObject({
      code: status.UNAUTHENTICATED,
      problem: { code: 'UNAUTHENTICATED', errors: [{ next: expect.stringContaining('/v1/auth/login') }] },
    });
  });

  it('gives an answer the request id that it came with, and its own to one without', async () => {
    const ours = await client.call(UserService.method.getMe, {}, { token, metadata: { 'x-request-id': 'req-1' } });
    expect(ours.trailers.get('request-id')).toEqual(['req-1']);
    expect((await client.call(UserService.method.getMe, {}, {})).problem?.requestId).toMatch(/^[\w-]{10,}$/);
  });

  it('counts its calls by method and code', async () => {
    await client.call(UserService.method.getMe, {}, { token });
    expect(await (await rig.operations('/metrics')).text()).toMatch(
      /scalpstorm_grpc_call_duration_seconds_count\{.*method="\/scalpstorm.api.v1.UserService\/GetMe".*code="OK"/,
    );
  });

  describe('live events', () => {
    const order = (botId: string, attempt: number) => {
      const clientOrderId = ClientOrderId.forSlot({ botId: BotId.of(botId), cycle: 0, leg: 'entry', attempt });
      const request = anOrderRequest({ userId, clientOrderId, botId: BotId.of(botId) });
      const fill = aFill({ clientOrderId, tradeId: TradeId.of(`g-${clientOrderId}`) });
      const changed = {
        meta: meta(),
        order: anOrder({ request, status: 'filled', version: 1 }),
        event: { kind: 'filled' as const, fill },
      };
      return { clientOrderId, send: () => rig.speakers.execution.bus.send(orderChanged, changed) };
    };

    it('begin with a snapshot, go on with numbered changes, and resume after a cut', async () => {
      const first = client.watch(watch, { channels: ['bots'] }, { token });
      await eventually(() => expect(first.frames).toHaveLength(1));
      const snapshot = first.frames[0];
      expect(snapshot).toMatchObject({ type: FrameType.SNAPSHOT, channel: 'bots' });
      const bot = aBot({ id: BotId.of('bot_gwat0001'), userId, version: 1 });
      await rig.announce(bot);
      await eventually(() => expect(first.frames).toHaveLength(2));
      expect(first.frames[1]).toMatchObject({
        type: FrameType.DELTA,
        seq: (snapshot?.seq ?? 0n) + 1n,
        rows: [{ row: { case: 'bot', value: { id: bot.id } } }],
      });
      first.cancel();
      await first.ended;
      await rig.announce({ ...bot, version: 2 });
      await rig.announce({ ...bot, version: 3 }, true);
      await eventually(async () => expect((await rig.ask('GET', `/v1/bots/${bot.id}`, { token })).status).toBe(404));
      const point = { epoch: snapshot?.epoch ?? '', seq: (snapshot?.seq ?? 0n) + 1n };
      const second = client.watch(watch, { channels: ['bots'], resume: { bots: point } }, { token });
      await eventually(() => expect(second.frames).toHaveLength(1));
      expect(second.frames[0]).toMatchObject({ type: FrameType.RESUMED });
      expect(second.frames[0]?.rows.map(({ row }) => row.case)).toEqual(['bot', 'deletedBot']);
      second.cancel();
    });

    it('carry prices and orders in their own shapes', async () => {
      const stream = client.watch(watch, { channels: ['prices', 'orders'] }, { token });
      await eventually(() => expect(stream.frames).toHaveLength(2));
      rig.speakers['market-data'].bus.publish(tradeTicked, { meta: meta(), trade: aTrade({ price: Price.of('7') }) });
      const { clientOrderId, send } = order('bot_gwat0002', 1);
      await send();
      await eventually(() => {
        const rows = stream.frames.flatMap((frame) => frame.rows.map(({ row }) => row));
        expect(rows).toContainEqual(
          expect.objectContaining({ case: 'price', value: expect.objectContaining({ last: '7' }) }),
        );
        expect(rows).toContainEqual(
          expect.objectContaining({ case: 'order', value: expect.objectContaining({ clientOrderId }) }),
        );
      });
      stream.cancel();
    });

    it('of one user never reach another', async () => {
      const other = await rig.addUser(token, 'watcher@example.com');
      const stranger = client.watch(watch, { channels: ownChannels }, { token: other.token });
      await eventually(() => expect(stranger.frames).toHaveLength(ownChannels.length));
      const { send } = order('bot_gwat0003', 1);
      await send();
      await rig.announce(aBot({ id: BotId.of('bot_gwat0003'), userId, version: 1 }));
      const everybody = anActivity({ userId: null, botId: null, text: 'for everybody' });
      await rig.speakers.strategy.bus.send(activityLogged, { meta: meta(), activity: everybody });
      const told = (text: string) =>
        JSON.stringify(stranger.frames, (_, value) => (typeof value === 'bigint' ? String(value) : value)).includes(
          text,
        );
      await eventually(() => expect(told('for everybody')).toBe(true));
      expect(told('bot_')).toBe(false);
      stranger.cancel();
    });

    it.each([
      ['a channel that is none', ['nonsense'], undefined, status.INVALID_ARGUMENT, 'UNKNOWN_CHANNEL'],
      ['no channel at all', [], undefined, status.INVALID_ARGUMENT, 'UNKNOWN_CHANNEL'],
      ['a stranger', ['bots'], 'no.such.token', status.UNAUTHENTICATED, 'UNAUTHENTICATED'],
    ])('are refused to %s with a code', async (_, channels, as, code, problem) => {
      const stream = client.watch(watch, { channels }, { token: as ?? token });
      const error = (await stream.ended) as ServiceError;
      expect([error.code, problemOf(error.metadata)?.code]).toEqual([code, problem]);
      expect(stream.frames).toEqual([]);
    });
  });

  (hasOpenssl ? it : it.skip)('speaks TLS with the certificate of HTTP, and nothing without it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scalpstorm-grpc-tls-'));
    const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
    const subject = ['-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
    const secure = await GatewayRig.start(servers, { GRPC_PORT: '0', TLS_CERT_FILE: cert, TLS_KEY_FILE: key });
    // TLS has no server name that is an address.
    const at = (secure.gateway.grpcAddress ?? '').replace('127.0.0.1', 'localhost');
    const trusting = new GrpcClient(at, credentials.createSsl(readFileSync(cert)));
    const plain = new GrpcClient(at);
    expect((await trusting.call(UserService.method.getMe, {})).code).toBe(status.UNAUTHENTICATED);
    expect((await plain.call(UserService.method.getMe, {}, { deadlineMs: 500 })).problem).toBeNull();
    for (const one of [trusting, plain]) one.close();
    await secure.close();
    rmSync(folder, { recursive: true });
  });

  it('is closed unless a port is named', async () => {
    const closed = await GatewayRig.start(servers);
    expect(closed.gateway.grpcAddress).toBeNull();
    expect(closed.log.lines.map(({ text }) => text)).toContain('the gRPC door is closed; set GRPC_PORT to open it');
    await closed.close();
  });
});

interface HealthCalls {
  check(request: { service: string }, done: (error: ServiceError | null, answer: { status: string }) => void): void;
}
