import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { NotificationsWorld, patiently } from './notifications-world.js';
import { SmtpServer } from './smtp-server.js';

const address = 'ann@example.com';

describeWithServers('e-mail', ({ postgresUrl }) => {
  const smtp = new SmtpServer();
  let folder: string;
  let world: NotificationsWorld;

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('no NATS server');
    await smtp.open();
    folder = await mkdtemp(join(tmpdir(), 'scalpstorm-mail-'));
    const authority = join(folder, 'ca.pem');
    await writeFile(authority, smtp.certificate.cert);
    const settings = { SMTP_URL: smtp.url, SMTP_FROM: 'Scalpstorm <bots@example.com>', SMTP_CA_FILE: authority };
    world = await NotificationsWorld.open({ nats, postgresUrl }, settings);
  });

  afterAll(async () => {
    await world.close();
    await smtp.close();
    await rm(folder, { recursive: true });
  });

  const mail = (text: string) =>
    eventually(() => {
      const found = smtp.mails.find(({ data }) => data.includes(text));
      if (found === undefined) throw new Error(`no mail with ${text}`);
      return found;
    }, patiently);

  it('goes to nobody who has not shown the code that was sent there', async () => {
    const unproved = await world.do({ kind: 'set-email', address });
    expect(unproved.email).toEqual({ address, verified: false });
    const { data, encrypted, user } = await mail('Your code for Scalpstorm');
    expect({ encrypted, user }).toEqual({ encrypted: true, user: 'mailer' });
    await world.halted('to an unproved address');
    expect(await world.ask({ kind: 'verify-email', code: 'AAAAAAAAAA' })).toMatchObject({
      ok: false,
      refusals: [{ code: 'CODE_WRONG' }],
    });
    const code = /^[A-Z2-9]{10}$/m.exec(data)?.[0] ?? '';
    const proved = await world.do({ kind: 'verify-email', code: code.toLowerCase() });
    expect(proved.email).toEqual({ address, verified: true });
    expect(await world.ask({ kind: 'verify-email', code })).toMatchObject({
      ok: false,
      refusals: [{ code: 'CODE_NOT_ASKED' }],
    });
  });

  it('carries text and HTML in which nothing that somebody wrote is markup, over TLS', async () => {
    await world.halted('<script>alert(1)</script>\r\nBcc: everybody@example.com');
    const { data, to, encrypted } = await mail('Trading is halted');
    expect({ to, encrypted }).toEqual({ to: [address], encrypted: true });
    const [headers = '', ...body] = data.split('\r\n\r\n');
    expect(headers).not.toMatch(/^Bcc:/im);
    expect(headers).toMatch(/^Message-ID: <\S+@scalpstorm\.invalid>$/im);
    expect(body.join('\n')).toContain('&lt;script&gt;');
    expect(body.join('\n')).toContain('text/html');
    expect(smtp.mails.some((one) => one.data.includes('to an unproved address'))).toBe(false);
  });

  it('waits while the server does not take mail, and gives up an address that it refuses', async () => {
    smtp.greeting = '421 later';
    smtp.leave();
    await world.halted('after the outage');
    await eventually(async () => expect((await world.health()).checks['email']?.status).toBe('down'), patiently);
    smtp.greeting = '220 mail.test ESMTP';
    smtp.comeBack();
    await mail('after the outage');
    smtp.verdicts.set(address, '550 no such person');
    await world.halted('refused');
    await eventually(
      async () => expect((await world.do({ kind: 'look' })).failed).toMatchObject([{ channel: 'email' }]),
      patiently,
    );
    const { failed, email } = await eventually(async () => {
      const profile = await world.do({ kind: 'look' });
      expect(profile.email?.verified).toBe(false);
      return profile;
    }, patiently);
    expect([failed[0]?.error, email?.address]).toEqual([expect.stringContaining('550'), address]);
  });

  it('is proved anew after that, and comes again', async () => {
    smtp.verdicts.clear();
    const codes = () => smtp.mails.filter(({ data }) => data.includes('Your code for Scalpstorm'));
    const before = codes().length;
    await world.do({ kind: 'set-email', address });
    await eventually(() => expect(codes()).toHaveLength(before + 1), patiently);
    const code = /^[A-Z2-9]{10}$/m.exec(codes().at(-1)?.data ?? '')?.[0] ?? '';
    await world.do({ kind: 'verify-email', code });
    await world.halted('proved again');
    await mail('proved again');
  });

  it('says nothing over a line that is not encrypted', async () => {
    smtp.leave();
    smtp.offersTls = false;
    smtp.comeBack();
    const before = smtp.mails.length;
    await world.halted('in the clear');
    await eventually(
      async () => expect((await world.deliveries()).at(-1)?.attempts).toBeGreaterThanOrEqual(4),
      patiently,
    );
    expect(smtp.mails).toHaveLength(before);
    await eventually(
      async () => expect((await world.health()).checks['email']?.error).toContain('does not take mail'),
      patiently,
    );
  });

  it.each([
    'no-address',
    'a@b',
    'Ann <a@example.com>',
    'a@example.com,b@example.com',
    'a@example.com\r\nBcc: b@example.com',
  ])('takes no address like %j', async (wrong) => {
    expect(await world.ask({ kind: 'set-email', address: wrong })).toMatchObject({
      ok: false,
      refusals: [{ code: 'ADDRESS_INVALID' }],
    });
  });

  it('lets nobody have mail sent to strangers over and over', async () => {
    for (let index = 0; index < 5; index += 1)
      await world.ask({ kind: 'set-email', address: `stranger${index}@example.com` });
    expect(await world.ask({ kind: 'set-email', address: 'one-more@example.com' })).toMatchObject({
      refusals: [{ code: 'TOO_MANY_MESSAGES' }],
    });
  });

  it('never writes its password into a log', () => {
    expect(world.logged()).not.toContain('let-me-in');
  });
});
