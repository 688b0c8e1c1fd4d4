import { describe, expect, it } from '@jest/globals';
import { administrator, answerInbox, inboxPrefix, natsUsers, type Speaker, speakers, topology } from './index.js';
import { covers, overlaps } from './testing/patterns.js';

const passwords = Object.fromEntries([...speakers, administrator].map((user) => [user, `secret of ${user}`]));
const users = natsUsers(passwords);
const approvals = '*.order.approved.>';

function permissionsOf(name: string) {
  const found = users.find(({ user }) => user === name);
  if (found === undefined) throw new Error(`no user ${name}`);
  return { say: found.permissions.publish.allow, hear: found.permissions.subscribe.allow };
}
const may = (allowed: readonly string[], subject: string): boolean =>
  allowed.some((pattern) => covers(pattern, subject));
const touches = (allowed: readonly string[], pattern: string): boolean => allowed.some((one) => overlaps(one, pattern));
const who = (can: (speaker: Speaker) => boolean): Speaker[] => speakers.filter(can);

describe('who may say and hear an approval', () => {
  it('is said by the risk gate alone', () => {
    expect(who((speaker) => touches(permissionsOf(speaker).say, approvals))).toEqual(['risk-gate']);
    expect(may(permissionsOf('risk-gate').say, 'anything.order.approved.v1.demo')).toBe(true);
  });

  it('is pulled by execution alone, from the consumer of its name', () => {
    const pull = '$JS.API.CONSUMER.MSG.NEXT.t1-VERDICTS.execution';
    expect(who((speaker) => may(permissionsOf(speaker).say, pull))).toEqual(['execution']);
    expect(who((speaker) => may(permissionsOf(speaker).say, '$JS.ACK.t1-VERDICTS.execution.1.2.3.4.5'))).toEqual([
      'execution',
    ]);
  });

  it('is subscribed to by nobody, under no wildcard', () => {
    expect(who((speaker) => touches(permissionsOf(speaker).hear, approvals))).toEqual([]);
  });

  it.each([
    '$JS.API.DIRECT.GET.>',
    ...['CREATE', 'UPDATE', 'DELETE', 'PURGE', 'INFO', 'LIST', 'NAMES', 'SNAPSHOT', 'RESTORE', 'MSG.DELETE'].map(
      (what) => `$JS.API.STREAM.${what}.>`,
    ),
    '$JS.API.CONSUMER.CREATE.>',
    '$JS.API.CONSUMER.DURABLE.CREATE.>',
    '$JS.API.CONSUMER.DELETE.>',
    '$JS.API.CONSUMER.LIST.>',
    '$JS.API.CONSUMER.NAMES.>',
    '$JS.API.CONSUMER.PAUSE.>',
    '$JS.API.META.>',
    '$JS.API.ACCOUNT.>',
    '$JS.FC.>',
    '$SYS.REQ.>',
  ])('cannot be reached by %s', (api) => {
    expect(who((speaker) => touches(permissionsOf(speaker).say, api))).toEqual([]);
  });

  it('is read by its place in the stream by whoever tells it, who has to know which was the first', () => {
    expect(who((speaker) => touches(permissionsOf(speaker).say, '$JS.API.STREAM.>'))).toEqual(['risk-gate']);
    expect(permissionsOf('risk-gate').say.filter((subject) => subject.startsWith('$JS.API.STREAM.'))).toEqual([
      '$JS.API.STREAM.MSG.GET.*',
    ]);
  });

  it.each(['$JS.API.>', '$JS.ACK.>', '$JS.EVENT.>', '$SYS.ACCOUNT.>', '$SYS.SERVER.>', '$SYS.REQ.>'])(
    'cannot be watched on %s',
    (pattern) => {
      expect(who((speaker) => touches(permissionsOf(speaker).hear, pattern))).toEqual([]);
    },
  );
});

describe('an inbox', () => {
  it('is heard by its owner alone', () => {
    for (const owner of speakers) {
      const hearing = who((speaker) => touches(permissionsOf(speaker).hear, `${inboxPrefix(owner)}.>`));
      expect([owner, hearing]).toEqual([owner, [owner]]);
    }
  });

  it('of pulled messages and publish acknowledgements is out of reach of every service', () => {
    for (const owner of speakers) {
      const unguessable = `${inboxPrefix(owner)}.RSrLlXdvyS6pTGGzgk4vJE`;
      for (const inbox of [unguessable, `${unguessable}.>`]) {
        expect([inbox, who((speaker) => touches(permissionsOf(speaker).say, inbox))]).toEqual([inbox, []]);
      }
    }
  });

  it('takes the answers of those whom its owner may ask', () => {
    const answering = (asker: Speaker) => who((speaker) => may(permissionsOf(speaker).say, answerInbox(asker, 'n')));
    expect(answering('gateway')).toEqual([
      'market-data',
      'strategy',
      'risk-gate',
      'execution',
      'notifications',
      'inference',
      'research',
    ]);
    expect(answering('research')).toEqual(['market-data']);
    expect(answering('strategy')).toEqual(['market-data', 'execution']);
    expect(answering('execution')).toEqual(['market-data', 'risk-gate']);
    expect(answering('notifications')).toEqual(['strategy', 'risk-gate', 'gateway']);
  });
});

describe('a service', () => {
  it.each([
    ['order.requested.v1.demo', ['strategy', 'execution', 'gateway']],
    ['order.denied.v1.demo', ['risk-gate']],
    ['order.cancel-requested.v1.demo', ['strategy', 'gateway']],
    ['order.changed.v1.demo', ['execution']],
    ['execution.account.v1.demo', ['execution']],
    ['execution.reconciled.v1.demo', ['execution']],
    ['risk.trading-state.v1', ['risk-gate']],
    ['bot.changed.v1.bot_00000000', ['strategy']],
    ['bot.cycle-completed.v1.bot_00000000', ['strategy']],
    ['market.quote.v1.sim.BTC-USDT', ['market-data']],
    ['ops.activity.v1.strategy', ['strategy']],
    ['dead-letter.v1.execution', ['execution']],
    ['prediction.made.v1.sim.BTC-USDT', ['inference']],
    ['inference.ask.v1', ['gateway']],
    ['research.ask.v1', ['gateway']],
    ['job.changed.v1', ['research']],
    ['research.certificate-issued.v1', ['research']],
    ['market.candles.v1', ['research']],
    ['bot.ask.v1', ['gateway', 'notifications']],
    ['risk.ask.v1', ['execution', 'gateway', 'notifications']],
    ['notifications.ask.v1', ['gateway']],
    ['gateway.halt-sweep.v1', ['notifications']],
    ['gateway.user.v1', ['notifications']],
    ['gateway.live.v1', ['gateway']],
    ['dead-letter.v1.kafka-bridge', ['kafka-bridge']],
    ['execution.ask.v1', ['strategy', 'risk-gate', 'gateway']],
  ])('may say %s only as %j, in any namespace', (subject, expected) => {
    expect(who((speaker) => may(permissionsOf(speaker).say, `t1.${subject}`))).toEqual(expected);
    expect(who((speaker) => may(permissionsOf(speaker).say, subject))).toEqual([]);
  });

  it.each([
    ['market.quote.v1.*.*', ['strategy', 'risk-gate', 'execution', 'gateway', 'inference', 'kafka-bridge']],
    ['market.quote.v1.sim.BTC-USDT', ['strategy', 'risk-gate', 'execution', 'gateway', 'inference', 'kafka-bridge']],
    ['prediction.made.v1.*.*', ['strategy', 'gateway']],
    ['inference.ask.v1', ['inference']],
    ['job.changed.v1', ['gateway']],
    ['research.ask.v1', ['research']],
    ['research.certificate-issued.v1', []],
    ['gateway.halt-sweep.v1', ['gateway']],
    ['gateway.live.v1', ['gateway']],
    ['gateway.>', []],
    ['market.>', []],
    ['bot.ask.v1', ['strategy']],
    ['risk.ask.v1', ['risk-gate']],
    ['execution.ask.v1', ['execution']],
    ['market.instruments.v1', ['market-data']],
    ['order.requested.v1.demo', []],
    ['dead-letter.v1.*', []],
  ])('may subscribe to %s only as %j', (subject, expected) => {
    expect(who((speaker) => may(permissionsOf(speaker).hear, `t1.${subject}`))).toEqual(expected);
  });

  it('may ask for the messages of every consumer of its own and of no other', () => {
    for (const { speaker: owner, stream } of [...topology.consumers, ...topology.optionalConsumers]) {
      for (const api of ['$JS.API.CONSUMER.MSG.NEXT', '$JS.API.CONSUMER.INFO']) {
        const subject = `${api}.t1-${stream}.${owner}`;
        expect([subject, who((speaker) => may(permissionsOf(speaker).say, subject))]).toEqual([subject, [owner]]);
      }
    }
  });

  it('without a consumer may use nothing of JetStream', () => {
    for (const api of ['$JS.API.>', '$JS.ACK.>']) {
      const using = who((speaker) => touches(permissionsOf(speaker).say, api));
      const hearing = ['strategy', 'risk-gate', 'execution', 'gateway', 'notifications', 'kafka-bridge'];
      expect([api, using]).toEqual([api, hearing]);
    }
  });

  it('has lists that are not empty, because the server reads an empty list as everything', () => {
    for (const speaker of speakers) {
      const { say, hear } = permissionsOf(speaker);
      expect([speaker, say.length > 0, hear.length > 0]).toEqual([speaker, true, true]);
    }
  });

  it('has a password or the server is not configured at all', () => {
    expect(users.map(({ user, password }) => [user, password])).toEqual(
      [administrator, ...speakers].map((user) => [user, passwords[user]]),
    );
    expect(() => natsUsers({ ...passwords, execution: '' })).toThrow('no password for the NATS user execution');
  });
});
