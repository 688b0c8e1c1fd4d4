import { describe, expect, it } from '@jest/globals';
import { isMuted, noticeGroups, reaches, withPair } from './notices.js';

const notices = noticeGroups.flatMap(({ notices: all }) => all);
const noticeOf = (kind: string) => {
  const found = notices.find((notice) => notice.kind === kind);
  if (found === undefined) throw new Error(`no words for ${kind}`);
  return found;
};

describe('what one can be told about', () => {
  it('stands in one group each', () => {
    expect(new Set(notices.map(({ kind }) => kind)).size).toBe(notices.length);
    expect(notices.length).toBeGreaterThan(10);
  });

  it('reaches a channel when it can matter enough', () => {
    expect(reaches(noticeOf('bot-created'), 'INFO')).toBe(true);
    expect(reaches(noticeOf('bot-created'), 'SUCCESS')).toBe(false);
    expect(reaches(noticeOf('cycle-completed'), 'WARNING')).toBe(true);
    expect(notices.some((notice) => reaches(notice, 'OFF'))).toBe(false);
  });

  it('is muted and wanted again pair by pair, without doubles', () => {
    const pair = { kind: 'order-filled', channel: 'telegram' } as const;
    const other = { kind: 'order-filled', channel: 'email' } as const;
    const muted = withPair(withPair([other], pair, false), pair, false);
    expect(muted).toHaveLength(2);
    expect(isMuted(muted, 'order-filled', 'telegram')).toBe(true);
    expect(withPair(muted, pair, true)).toEqual([other]);
  });
});
