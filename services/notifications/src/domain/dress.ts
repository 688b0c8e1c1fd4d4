import type { NotificationChannel } from '@scalpstorm/contracts';
import type { JsonObject } from '@scalpstorm/model';
import { cut } from './cut.js';
import { escapeHtml, type Formatted, telegramParts } from './markup.js';
import type { Message, Notice } from './notice.js';

/** What one channel sends, made once when the notice is decided on, so that a repeat sends the same bytes. */
export type Payload =
  | { readonly channel: 'telegram'; readonly html: string }
  | { readonly channel: 'email'; readonly subject: string; readonly text: string; readonly html: string }
  | { readonly channel: 'webhook'; readonly body: string };

/** The facts for a machine, beside the words. */
export type Facts = Pick<Notice, 'id' | 'kind' | 'level' | 'mode' | 'botId' | 'at'>;

/** Of the first line of a mail; the whole is in its body. */
const subjectMax = 150;

/** Of a title or a line: a long story of a venue or a strategy is told in its beginning. */
const textMax = 10_000;
/** Of all lines together. */
const linesLengthMax = 20_000;

/** One payload a message of the channel; only Telegram ever needs more than one. Whatever the words are, it can be stored and sent. */
export function dress(channel: NotificationChannel, told: Message, facts: Facts): Payload[] {
  const message = { title: cut(told.title, textMax, '…'), lines: bounded(told.lines) };
  switch (channel) {
    case 'telegram':
      return telegramParts(formatted(message)).map((html) => ({ channel, html }));
    case 'email':
      return [{ channel, ...mailOf(message) }];
    case 'webhook':
      return [{ channel, body: JSON.stringify(webhookBody(message, facts)) }];
  }
}

function bounded(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    const short = cut(line, textMax, '…');
    length += short.length + 1;
    if (length > linesLengthMax) return [...kept, '…'];
    kept.push(short);
  }
  return kept;
}

const formatted = ({ title, lines }: Message): Formatted[] => [
  { text: title, bold: true },
  ...lines.map((text) => ({ text, bold: false })),
];

export function mailOf({ title, lines }: Message): { subject: string; text: string; html: string } {
  const subject = oneLine(title);
  const paragraphs = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
  return {
    subject: cut(subject, subjectMax, '…'),
    text: `${[title, '', ...lines].join('\n')}\n\n-- \nScalpstorm. Change what you are told in the settings of your dashboard.\n`,
    html: `<!doctype html>\n<html><body style="font-family:sans-serif">\n<h2 style="font-size:1.1em">${escapeHtml(title)}</h2>\n${paragraphs}\n<p style="color:#666">Scalpstorm. Change what you are told in the settings of your dashboard.</p>\n</body></html>\n`,
  };
}

/** A header ends at the first line break. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

function webhookBody({ title, lines }: Message, facts: Facts): JsonObject {
  return {
    id: facts.id,
    kind: facts.kind,
    level: facts.level,
    mode: facts.mode,
    bot: facts.botId,
    at: new Date(facts.at / 1_000).toISOString(),
    title,
    lines: [...lines],
  };
}
