import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { unreachable } from '@scalpstorm/kernel';
import { defineQuestion } from '../define.js';
import * as wire from '../generated/scalpstorm/notifications/v1/notifications_pb.js';
import {
  levelFilters,
  type NotificationAnswer,
  type NotificationCommand,
  type NotificationPreferences,
  type NotificationProfile,
  noticeKinds,
  notificationChannels,
  userRoles,
} from '../notifications.js';
import { readAnswer } from './answers.js';
import {
  present,
  readAll,
  readChoice,
  readCommandId,
  readOptional,
  readText,
  readTimestamp,
  readUserId,
  unreadable,
  writeRefusals,
  writeTimestamp,
} from './values.js';

type Request = typeof wire.NotificationsAskRequestSchema;
type Wire = MessageShape<Request>['command'];
type WireInit = Exclude<MessageInitShape<Request>, MessageShape<Request>>['command'];

export const notificationsQuestion = defineQuestion(
  {
    schema: wire.NotificationsAskRequestSchema,
    toWire: (request: NotificationCommand) => ({
      commandId: request.commandId,
      userId: request.userId,
      role: request.role,
      command: writeCommand(request),
    }),
    fromWire: readCommand,
  },
  {
    schema: wire.NotificationsAskReplySchema,
    toWire: (reply: NotificationAnswer) => ({
      answer: reply.ok
        ? { case: 'profile' as const, value: writeProfile(reply.value) }
        : { case: 'refused' as const, value: writeRefusals(reply.refusals) },
    }),
    fromWire: ({ answer }, at): NotificationAnswer => readAnswer(answer, at, { profile: readProfile }),
  },
);

function writeCommand(request: NotificationCommand): WireInit {
  switch (request.kind) {
    case 'look':
      return { case: 'look' as const, value: {} };
    case 'link-telegram':
      return { case: 'linkTelegram' as const, value: {} };
    case 'unlink-telegram':
      return { case: 'unlinkTelegram' as const, value: { linkId: request.linkId } };
    case 'set-email':
      return { case: 'setEmail' as const, value: { address: request.address } };
    case 'verify-email':
      return { case: 'verifyEmail' as const, value: { code: request.code } };
    case 'remove-email':
      return { case: 'removeEmail' as const, value: {} };
    case 'set-webhook':
      return { case: 'setWebhook' as const, value: { url: request.url } };
    case 'remove-webhook':
      return { case: 'removeWebhook' as const, value: {} };
    case 'set-preferences':
      return { case: 'setPreferences' as const, value: { preferences: writePreferences(request.preferences) } };
    case 'test':
      return { case: 'sendTest' as const, value: { channel: request.channel } };
    case 'retry':
      return { case: 'retry' as const, value: { deliveryId: request.deliveryId } };
    default:
      return unreachable(request, 'notification command');
  }
}

function readCommand(message: wire.NotificationsAskRequest, at: string): NotificationCommand {
  return {
    commandId: readCommandId(message.commandId, `${at}.command_id`),
    userId: readUserId(message.userId, `${at}.user_id`),
    role: readChoice(userRoles, message.role, `${at}.role`),
    ...readAsked(message.command, at),
  };
}

/** What the user wrote is checked by the service, which can say more than "unreadable"; only closed lists are checked here. */
function readAsked(command: Wire, at: string) {
  switch (command.case) {
    case 'look':
      return { kind: 'look' as const };
    case 'linkTelegram':
      return { kind: 'link-telegram' as const };
    case 'unlinkTelegram':
      return { kind: 'unlink-telegram' as const, linkId: command.value.linkId };
    case 'setEmail':
      return { kind: 'set-email' as const, address: command.value.address };
    case 'verifyEmail':
      return { kind: 'verify-email' as const, code: command.value.code };
    case 'removeEmail':
      return { kind: 'remove-email' as const };
    case 'setWebhook':
      return { kind: 'set-webhook' as const, url: command.value.url };
    case 'removeWebhook':
      return { kind: 'remove-webhook' as const };
    case 'setPreferences':
      return {
        kind: 'set-preferences' as const,
        preferences: readPreferences(command.value.preferences, `${at}.set_preferences.preferences`),
      };
    case 'sendTest':
      return { kind: 'test' as const, channel: readChannel(command.value.channel, `${at}.send_test.channel`) };
    case 'retry':
      return { kind: 'retry' as const, deliveryId: command.value.deliveryId };
    case undefined:
      return unreadable(`${at}.command`, 'missing');
    default:
      return unreachable(command, 'notification command');
  }
}

const writePreferences = (preferences: NotificationPreferences): MessageInitShape<typeof wire.PreferencesSchema> => ({
  timeZone: preferences.timeZone,
  quietFrom: preferences.quietHours?.from,
  quietTo: preferences.quietHours?.to,
  summaryAt: preferences.summaryAt ?? undefined,
  levels: notificationChannels.map((channel) => ({ channel, level: preferences.levels[channel] })),
  muted: preferences.muted.map(({ kind, channel }) => ({ kind, channel })),
});

function readPreferences(value: wire.Preferences | undefined, at: string): NotificationPreferences {
  const { timeZone, quietFrom, quietTo, summaryAt, levels, muted } = present(value, at);
  const levelOf = (channel: string) => {
    const found = levels.find((level) => level.channel === channel) ?? unreadable(`${at}.levels`, 'missing', channel);
    return readChoice(levelFilters, found.level, `${at}.levels.${channel}`);
  };
  if ((quietFrom === undefined) !== (quietTo === undefined)) unreadable(`${at}.quiet_to`, 'half of the quiet hours');
  return {
    timeZone,
    quietHours: quietFrom === undefined || quietTo === undefined ? null : { from: quietFrom, to: quietTo },
    summaryAt: summaryAt ?? null,
    levels: { telegram: levelOf('telegram'), email: levelOf('email'), webhook: levelOf('webhook') },
    muted: readAll(muted, `${at}.muted`, ({ kind, channel }, each) => ({
      kind: readChoice(noticeKinds, kind, `${each}.kind`),
      channel: readChannel(channel, `${each}.channel`),
    })),
  };
}

const writeProfile = (profile: NotificationProfile): MessageInitShape<typeof wire.ProfileSchema> => ({
  channels: profile.channels.map(({ channel, state, text }) => ({ channel, state, text })),
  links: profile.links.map(({ id, label, linkedAt }) => ({ id, label, linkedAtUs: writeTimestamp(linkedAt) })),
  email: profile.email ?? undefined,
  webhookUrl: profile.webhookUrl ?? undefined,
  preferences: writePreferences(profile.preferences),
  failed: profile.failed.map(({ createdAt, ...failed }) => ({ ...failed, createdAtUs: writeTimestamp(createdAt) })),
  linkCode:
    profile.linkCode === null
      ? undefined
      : {
          code: profile.linkCode.code,
          link: profile.linkCode.link,
          expiresAtUs: writeTimestamp(profile.linkCode.expiresAt),
        },
  webhookSecret: profile.webhookSecret ?? undefined,
});

function readProfile(profile: wire.Profile, at: string): NotificationProfile {
  return {
    channels: readAll(profile.channels, `${at}.channels`, ({ channel, state, text }, each) => ({
      channel: readChannel(channel, `${each}.channel`),
      state: readChoice(['off', 'up', 'down'] as const, state, `${each}.state`),
      text,
    })),
    links: readAll(profile.links, `${at}.links`, ({ id, label, linkedAtUs }, each) => ({
      id: readText(id, `${each}.id`),
      label,
      linkedAt: readTimestamp(linkedAtUs, `${each}.linked_at_us`),
    })),
    email: readOptional(profile.email, `${at}.email`, ({ address, verified }) => ({ address, verified })),
    webhookUrl: profile.webhookUrl ?? null,
    preferences: readPreferences(profile.preferences, `${at}.preferences`),
    failed: readAll(profile.failed, `${at}.failed`, (failed, each) => ({
      id: readText(failed.id, `${each}.id`),
      channel: readChannel(failed.channel, `${each}.channel`),
      title: failed.title,
      error: failed.error,
      attempts: failed.attempts,
      createdAt: readTimestamp(failed.createdAtUs, `${each}.created_at_us`),
    })),
    linkCode: readOptional(profile.linkCode, `${at}.link_code`, ({ code, link, expiresAtUs }, each) => ({
      code: readText(code, `${each}.code`),
      link,
      expiresAt: readTimestamp(expiresAtUs, `${each}.expires_at_us`),
    })),
    webhookSecret: profile.webhookSecret ?? null,
  };
}

const readChannel = (text: string, at: string) => readChoice(notificationChannels, text, at);
