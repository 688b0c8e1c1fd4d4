import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, RiskScope, UserId } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import { PostgresTradingHalts } from './postgres-trading-halts.js';

const at = (seconds: number) => Timestamp.fromMicros(seconds * 1_000_000);
const ann = UserId.of('usr_ann');
const bob = UserId.of('usr_bob');
const of = (userId: UserId) => [anOrderRequest({ userId }), at(99)] as const;

describeWithServers('the halts that execution has heard of', ({ postgresUrl }) => {
  const scratch = new ScratchSchema(postgresUrl, () => at(1));
  const opened = async () => {
    const halts = new PostgresTradingHalts(scratch.store());
    await halts.load();
    return halts;
  };

  beforeAll(() => scratch.migrate());
  afterAll(() => scratch.remove());

  it('outlive the process, for a user and for the whole platform', async () => {
    const before = await opened();
    await before.hear({ scope: RiskScope.user(ann), state: 'halted', text: 'drill', since: at(10) });
    const after = await opened();
    expect(after.over(...of(ann))).toMatchObject({ text: 'drill' });
    expect(after.over(...of(bob))).toBeNull();
    await after.hear({ scope: RiskScope.platform, state: 'halted', text: 'all', since: at(11) });
    expect((await opened()).over(...of(bob))).toMatchObject({ scope: RiskScope.platform, text: 'all' });
    await after.hear({ scope: RiskScope.platform, state: 'active', text: '', since: at(12) });
    await after.hear({ scope: RiskScope.user(ann), state: 'active', text: '', since: at(13) });
    expect((await opened()).over(...of(ann))).toBeNull();
  });

  it('keep what they end, also over a restart, and nothing milder than a release takes it back', async () => {
    const order = anOrderRequest({ userId: bob, accountId: AccountId.of('flattened') });
    const scope = RiskScope.account(order.accountId);
    const before = await opened();
    await before.hear({ scope, state: 'halted', text: 'all out', since: at(100), level: 'flatten' });
    await before.hear({ scope, state: 'halted', text: 'a breaker', since: at(101) });
    expect([before.endingOver(order), before.isFlattening()]).toEqual(['flatten', true]);
    const after = await opened();
    expect([after.endingOver(order), after.isFlattening()]).toEqual(['flatten', true]);
    await after.hear({ scope, state: 'halted', text: 'late', since: at(99), level: 'cancel' });
    await after.hear({ scope, state: 'active', text: '', since: at(102), level: 'halt' });
    await after.hear({ scope, state: 'halted', text: 'again', since: at(103), level: 'cancel' });
    expect([after.endingOver(order), after.isFlattening()]).toEqual(['cancel', false]);
    await after.hear({ scope, state: 'active', text: '', since: at(104) });
    expect((await opened()).endingOver(order)).toBeNull();
  });

  it('are not undone by an older word that comes again', async () => {
    const halts = await opened();
    await halts.hear({ scope: RiskScope.user(bob), state: 'halted', text: 'new', since: at(30) });
    await halts.hear({ scope: RiskScope.user(bob), state: 'active', text: 'old', since: at(20) });
    expect(halts.over(...of(bob))).toMatchObject({ text: 'new' });
    expect((await opened()).over(...of(bob))).toMatchObject({ text: 'new' });
  });

  it('are news to whoever writes now when one has kept them that had stood still, until they are heard', async () => {
    const scope = RiskScope.account(AccountId.of('taken-over'));
    const stoodStill = await opened();
    const leads = await opened();
    expect(await leads.unheard()).toEqual([]);
    const word = { scope, state: 'halted', text: 'all out', since: at(105), level: 'flatten' } as const;
    await stoodStill.hear(word);
    expect(await leads.unheard()).toEqual([word]);
    await leads.hear(word);
    expect(await leads.unheard()).toEqual([]);
    await stoodStill.hear({ ...word, state: 'active', text: '', since: at(106) });
    expect(await leads.unheard()).toMatchObject([{ scope, state: 'active', since: at(106) }]);
  });

  it('keep what they end when one that knows less keeps a milder word', async () => {
    const order = anOrderRequest({ userId: bob, accountId: AccountId.of('known-to-one') });
    const scope = RiskScope.account(order.accountId);
    const stoodStill = await opened();
    await (await opened()).hear({ scope, state: 'halted', text: 'all out', since: at(110), level: 'flatten' });
    await stoodStill.hear({ scope, state: 'halted', text: 'a breaker', since: at(111) });
    expect((await opened()).endingOver(order)).toBe('flatten');
    await stoodStill.hear({ scope, state: 'active', text: '', since: at(112) });
    await stoodStill.hear({ scope, state: 'halted', text: 'again', since: at(113), level: 'cancel' });
    expect((await opened()).endingOver(order)).toBe('cancel');
  });

  it('are as strict as they are told after a release that one did not hear of', async () => {
    const order = anOrderRequest({ userId: bob, accountId: AccountId.of('released-elsewhere') });
    const scope = RiskScope.account(order.accountId);
    const stoodStill = await opened();
    await stoodStill.hear({ scope, state: 'halted', text: 'all out', since: at(120), level: 'flatten' });
    await (await opened()).hear({ scope, state: 'active', text: '', since: at(121) });
    await stoodStill.hear({ scope, state: 'halted', text: 'again', since: at(122), level: 'cancel' });
    expect([stoodStill.endingOver(order), (await opened()).endingOver(order)]).toEqual(['cancel', 'cancel']);
  });

  it('are as strict as they are told, also when one of before a release elsewhere was never written here', async () => {
    const order = anOrderRequest({ userId: bob, accountId: AccountId.of('unwritten') });
    const scope = RiskScope.account(order.accountId);
    const store = scratch.store();
    const cut = new PostgresTradingHalts(store);
    const { sql } = store;
    const away = () => Promise.reject(new Error('Postgres is away'));
    const level = async () => [cut.endingOver(order), (await opened()).endingOver(order)];
    const unheard = async (seconds: number, kind: 'flatten' | 'cancel' | null) => {
      Object.assign(store, { sql: away });
      const state = kind === null ? 'active' : 'halted';
      await expect(cut.hear({ scope, state, text: '', since: at(seconds), level: kind ?? 'halt' })).rejects.toThrow();
      Object.assign(store, { sql });
    };
    await unheard(130, 'flatten');
    await (await opened()).hear({ scope, state: 'active', text: '', since: at(131) });
    await cut.hear({ scope, state: 'halted', text: '', since: at(132), level: 'cancel' });
    expect(await level()).toEqual(['cancel', 'cancel']);
    await unheard(133, 'flatten');
    await cut.hear({ scope, state: 'halted', text: '', since: at(134), level: 'cancel' });
    expect(await level()).toEqual(['flatten', 'flatten']);
    await unheard(135, null);
    await cut.hear({ scope, state: 'active', text: '', since: at(135) });
    await unheard(136, 'flatten');
    await unheard(137, null);
    await cut.hear({ scope, state: 'halted', text: '', since: at(138), level: 'cancel' });
    expect(await level()).toEqual(['cancel', 'cancel']);
  });

  it('are by the clock of the gate only when that is durable', async () => {
    const scope = RiskScope.account(AccountId.of('pressed'));
    const store = scratch.store();
    const halts = new PostgresTradingHalts(store);
    await halts.load();
    const own = { scope, state: 'halted', text: 'a signal', since: at(200), level: 'cancel' } as const;
    await halts.hear(own);
    const adopted = { ...own, since: at(199) };
    await halts.adopt(adopted, own);
    expect([halts.own(scope), await halts.unheard()]).toEqual([adopted, []]);
    await store.close();
    await expect(halts.adopt({ ...own, since: at(198) }, adopted)).rejects.toThrow();
    expect(halts.own(scope)).toEqual(adopted);
  });

  it('hold at once, also when they can not be written', async () => {
    const store = scratch.store();
    const halts = new PostgresTradingHalts(store);
    await store.close();
    await expect(
      halts.hear({ scope: RiskScope.user(ann), state: 'halted', text: 'now', since: at(40) }),
    ).rejects.toThrow();
    expect(halts.over(...of(ann))).toMatchObject({ text: 'now' });
  });

  it('on reducing hold back what was approved before them, of the bot, the account or the venue that they are of', async () => {
    const order = anOrderRequest({ userId: UserId.of('usr_carl') });
    const [, , , , account, bot] = RiskScope.all(order);
    if (account === undefined || bot === undefined) throw new Error('a bot ordered it');
    await (await opened()).hear({ scope: account, state: 'reducing', text: 'calm', since: at(50) });
    const halts = await opened();
    expect(halts.over(order, at(50))).toMatchObject({ scope: account, state: 'reducing', text: 'calm' });
    expect(halts.over(order, at(51))).toBeNull();
    await halts.hear({ scope: bot, state: 'halted', text: 'runaway', since: at(51) });
    expect((await opened()).over(order, at(60))).toMatchObject({ scope: bot, state: 'halted' });
    expect(halts.over({ ...order, botId: null }, at(60))).toBeNull();
  });
});
