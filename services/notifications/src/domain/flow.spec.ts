import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { NoticeFlow } from './flow.js';
import type { Notice } from './notice.js';

const start = Timestamp.fromMicros(1_700_000_000_000_000);
const after = (seconds: number) => Timestamp.plus(start, seconds * second);
const notice = (changes: Partial<Notice> = {}): Notice => ({
  id: 'e1',
  kind: 'order-filled',
  level: 'SUCCESS',
  userId: UserId.of('user_1'),
  botId: null,
  mode: 'live',
  title: 'something',
  lines: [],
  at: start,
  burst: null,
  ...changes,
});
const flow = () => new NoticeFlow({ perMinuteMax: 2 });

describe('the flow of notices', () => {
  it('gathers what is more than fits into a minute, until that minute is over', () => {
    const notices = flow();
    const decided = [0, 1, 2, 59].map((at) => notices.decide(notice(), after(at), null));
    expect(decided.map(({ kind }) => kind)).toEqual(['tell', 'tell', 'gather', 'gather']);
    expect(decided[3]).toEqual({ kind: 'gather', key: 'rate', dueAt: after(60) });
    expect(notices.decide(notice({ at: after(60) }), after(60), null).kind).toBe('tell');
  });

  it('counts every user for themselves, and errors apart from the rest', () => {
    const notices = flow();
    for (let index = 0; index < 5; index += 1) notices.decide(notice(), start, null);
    expect(notices.decide(notice({ userId: UserId.of('user_2') }), start, null).kind).toBe('tell');
    expect(notices.decide(notice({ level: 'ERROR' }), start, null).kind).toBe('tell');
  });

  it('bounds errors too', () => {
    const notices = flow();
    const kinds = [0, 0, 0].map(() => notices.decide(notice({ level: 'ERROR' }), start, null).kind);
    expect(kinds).toEqual(['tell', 'tell', 'gather']);
  });

  it('tells the first of a burst and gathers the others for five minutes, each burst for itself', () => {
    const notices = new NoticeFlow({ perMinuteMax: 100 });
    const denied = notice({ burst: 'denied:bot:CODE' });
    expect(notices.decide(denied, start, null).kind).toBe('tell');
    expect(notices.decide(denied, after(299), null)).toEqual({
      kind: 'gather',
      key: 'denied:bot:CODE',
      dueAt: after(300),
    });
    expect(notices.decide(notice({ burst: 'denied:bot:OTHER' }), after(1), null).kind).toBe('tell');
    expect(notices.decide(denied, after(300), null).kind).toBe('tell');
  });

  it('holds back in quiet hours what is no error', () => {
    const until = after(3_600);
    expect(flow().decide(notice(), start, until)).toEqual({ kind: 'gather', key: 'quiet', dueAt: until });
    expect(flow().decide(notice({ level: 'ERROR' }), start, until).kind).toBe('tell');
  });

  it('gathers what is older than an hour', () => {
    expect(flow().decide(notice(), after(3_600), null).kind).toBe('tell');
    expect(flow().decide(notice(), after(3_601), null)).toMatchObject({ kind: 'gather', key: 'late' });
  });
});
