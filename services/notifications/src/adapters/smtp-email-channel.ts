import { readFile } from 'node:fs/promises';
import { assert } from '@scalpstorm/kernel';
import type { Transporter } from 'nodemailer';
import { type Attempt, Channel, type Delivery } from '../ports/channel.js';

interface Parts {
  readonly url: string;
  readonly from: string;
  readonly encrypted: boolean;
  /** Null: the public authorities. */
  readonly caFile: string | null;
}

const connectMs = 10_000;
const socketMs = 20_000;
const connectionsMax = 2;

/** Mail by SMTP, over TLS unless the operator said otherwise. The library is loaded with the first mail. */
export class SmtpEmailChannel extends Channel {
  readonly name = 'email';
  private transport: Promise<Transporter> | null = null;

  constructor(private readonly parts: Parts) {
    super();
  }

  async send({ payload, destination, noticeId, id }: Delivery): Promise<Attempt> {
    assert(payload.channel === 'email', 'a payload of another channel');
    this.transport ??= this.open();
    const transport = await this.transport;
    try {
      await transport.sendMail({
        from: this.parts.from,
        to: { name: '', address: destination },
        subject: payload.subject,
        text: payload.text,
        html: payload.html,
        // The same for every attempt, so that a mailbox can tell a repeat.
        messageId: `<${id}.${noticeId.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 80)}@scalpstorm.invalid>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return { kind: 'delivered' };
    } catch (error) {
      return attemptOf(error);
    }
  }

  async close(): Promise<void> {
    (await this.transport)?.close();
  }

  private async open(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    const { protocol, hostname, port, username, password } = new URL(this.parts.url);
    const secure = protocol === 'smtps:';
    const { encrypted } = this.parts;
    return createTransport({
      pool: true,
      maxConnections: connectionsMax,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (secure ? 465 : 587) : Number(port),
      secure,
      requireTLS: encrypted && !secure,
      ignoreTLS: !encrypted && !secure,
      ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      ...(this.parts.caFile === null ? {} : { tls: { ca: await readFile(this.parts.caFile) } }),
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      socketTimeout: socketMs,
    });
  }
}

/** RFC 5321: no such mailbox, not local, name not allowed; 552 and 554 say something of the mail or of today. */
const noSuchMailbox: ReadonlySet<number> = new Set([550, 551, 553]);

/** RFC 5321: 5xx to the recipient is final; 4xx passes. What is said before a recipient is named concerns everybody. */
function attemptOf(error: unknown): Attempt {
  const { code, responseCode, command } = error as { code?: unknown; responseCode?: unknown; command?: unknown };
  const status = typeof responseCode === 'number' ? responseCode : 0;
  const about = `${typeof code === 'string' ? code : 'failed'}${status === 0 ? '' : ` ${status}`}`;
  if (code === 'EENVELOPE' || command === 'RCPT TO' || command === 'DATA') {
    return status >= 500
      ? {
          kind: 'refused',
          text: `the mail server refused it: ${about}`,
          gone: noSuchMailbox.has(status) && command === 'RCPT TO',
        }
      : { kind: 'failed', text: `the mail server put it off: ${about}` };
  }
  return { kind: 'outage', text: `the mail server does not take mail: ${about}` };
}
