import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { defaultPreferences, retryAddress, type UserProfile } from './profile.js';

const at = Timestamp.fromMillis(1);
const link = (id: string, chatId: number) => ({ id, chatId, telegramUserId: 7, label: '', linkedAt: at });
const profile: UserProfile = {
  userId: UserId.of('user_ann'),
  role: 'trader',
  preferences: defaultPreferences,
  links: [link('one', 1), link('two', 2)],
  email: { address: 'new@example.com', verifiedAt: null },
  webhook: { url: 'https://new.example.com/', setAt: at },
  summaryDay: '',
};
const failed = (channel: 'telegram' | 'email' | 'webhook', destination: string, noticeId = 'n') => ({
  channel,
  destination,
  noticeId,
});

describe('a message that failed and is asked for again', () => {
  it.each([
    ['to its own chat, while that is linked', failed('telegram', '2'), '2'],
    ['to a chat that is linked now', failed('telegram', '9'), '1'],
    ['to the webhook that is set now', failed('webhook', 'https://old.example.com/'), 'https://new.example.com/'],
    ['nowhere, while no address is proved', failed('email', 'old@example.com'), null],
    ['with a code, to the address that it proves', failed('email', 'new@example.com', 'verify:1'), 'new@example.com'],
    ['with a code, to no other address', failed('email', 'old@example.com', 'verify:1'), null],
  ])('goes %s', (_, message, address) => {
    expect(retryAddress(profile, message)).toBe(address);
  });
});
