import { createInterface } from 'node:readline/promises';
import { usageFailure } from './failure.js';
import type { Terminal } from './output.js';

const inputMax = 65_536;

/** What is piped in, to its end. */
export async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > inputMax) throw usageFailure('INPUT_TOO_LONG', 'standard input is too long.', 'send less');
  }
  return text;
}

/** The first line of what is piped in, without its end: a secret. */
export async function readSecret(stdin: NodeJS.ReadStream): Promise<string> {
  const [first = ''] = (await readAll(stdin)).split(/\r?\n/, 1);
  if (first !== '') return first;
  throw usageFailure('SECRET_MISSING', 'there is nothing on standard input.', 'pipe the secret in, on one line');
}

/** A key and what belongs to it: the first line, and everything after it, which may be a PEM text of several lines. */
export async function readKeyAndSecret(stdin: NodeJS.ReadStream): Promise<KeyAndSecret> {
  const [, apiKey = '', secret = ''] = /^([^\r\n]*)\r?\n([\s\S]*)$/.exec(await readAll(stdin)) ?? [];
  if (apiKey.trim() !== '' && secret.trim() !== '') return { apiKey: apiKey.trim(), secret: secret.trim() };
  const next = 'pipe in the API key on the first line and the secret after it';
  throw usageFailure('SECRET_MISSING', 'there are no two lines on standard input.', next);
}

export interface KeyAndSecret {
  readonly apiKey: string;
  readonly secret: string;
}

/** Typed unseen at a terminal, piped in otherwise; never an argument, which every process of the machine could read. */
export async function keyAndSecret(terminal: Terminal, piped: boolean): Promise<KeyAndSecret> {
  if (piped) return readKeyAndSecret(terminal.stdin);
  if (terminal.stdin.isTTY !== true) {
    const next = 'pipe them in: --secrets-stdin, the API key on the first line and the secret after it';
    throw usageFailure('SECRET_MISSING', 'nobody is there to ask for key and secret.', next);
  }
  const apiKey = (await askHidden(terminal, 'API key: ')).trim();
  return { apiKey, secret: (await askHidden(terminal, 'secret: ')).trim() };
}

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** Two lines of a pipe, or typed unseen, the new one twice. */
export async function currentAndNewPassword(terminal: Terminal, piped: boolean): Promise<PasswordChange> {
  if (piped) {
    const [currentPassword = '', newPassword = ''] = (await readAll(terminal.stdin)).split(/\r?\n/, 2);
    if (currentPassword !== '' && newPassword !== '') return { currentPassword, newPassword };
    const next = 'pipe in the current password on the first line and the new one on the second';
    throw usageFailure('SECRET_MISSING', 'there are no two lines on standard input.', next);
  }
  if (terminal.stdin.isTTY !== true) {
    throw usageFailure('SECRET_MISSING', 'nobody is there to ask.', 'pipe them in: --passwords-stdin');
  }
  const currentPassword = await askHidden(terminal, 'current password: ');
  const newPassword = await askHidden(terminal, 'new password: ');
  if ((await askHidden(terminal, 'the new one again: ')) === newPassword) return { currentPassword, newPassword };
  throw usageFailure('PASSWORDS_DIFFER', 'these are two different new passwords; nothing was done.', 'try again');
}

export async function ask({ stdin, stderr }: Terminal, question: string): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr, terminal: true });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}

/** Typed without being shown. */
export function askHidden({ stdin, stderr }: Terminal, question: string): Promise<string> {
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.resume();
  return new Promise((resolve, reject) => {
    let text = '';
    const end = (finish: () => void): void => {
      stdin.setRawMode(false);
      stdin.pause();
      stdin.off('data', onData);
      stderr.write('\n');
      finish();
    };
    const onData = (chunk: Buffer): void => {
      for (const character of chunk.toString('utf8')) {
        if (character === '\r' || character === '\n') {
          end(() => resolve(text));
          return;
        }
        if (character === '\u0003') {
          end(() => reject(usageFailure('INTERRUPTED', 'nothing was done.', 'try again')));
          return;
        }
        text = character === '\u007f' ? text.slice(0, -1) : text + character;
      }
    };
    stdin.on('data', onData);
  });
}

/** @throws Failure when nobody is there to ask, or when they say no */
export async function confirm(
  terminal: Terminal,
  what: { readonly question: string; readonly yes: boolean | undefined },
): Promise<void> {
  if (what.yes === true) return;
  if (terminal.stdin.isTTY !== true) {
    throw usageFailure('CONFIRMATION_NEEDED', `${what.question} Nobody is there to say yes.`, 'repeat it with --yes');
  }
  const answer = await ask(terminal, `${what.question} [y/N] `);
  if (!/^y(es)?$/i.test(answer)) throw usageFailure('NOT_CONFIRMED', 'nothing was done.', 'answer y to go on');
}
