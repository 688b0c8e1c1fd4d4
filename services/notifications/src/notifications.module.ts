import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { Bus, BusModule } from '@scalpstorm/bus';
import { Environment, loadConfig } from '@scalpstorm/config';
import { HealthRegistry, Log, Metrics, WallClock } from '@scalpstorm/observability';
import { Inbox, Lease, Store, StoreModule } from '@scalpstorm/store';
import { CryptoCodes } from './adapters/crypto-codes.js';
import { GrammyChatService } from './adapters/grammy-chat-service.js';
import { PostgresConfirmations } from './adapters/postgres-confirmations.js';
import { PostgresDeliveries } from './adapters/postgres-deliveries.js';
import { PostgresKnownBots } from './adapters/postgres-known-bots.js';
import { PostgresProfiles } from './adapters/postgres-profiles.js';
import { VaultSealer } from './adapters/vault-sealer.js';
import { CheckedWebhookUrls } from './adapters/webhook-address.js';
import { type LaneEnd, makeLanes } from './channels.module.js';
import { notificationsEnv } from './config.js';
import { NoticeFlow } from './domain/flow.js';
import { AskThrottle } from './handlers/ask-throttle.js';
import { BotEventsHandler } from './handlers/bot-events.handler.js';
import { CarryOut } from './handlers/carry-out.js';
import { Duty } from './handlers/duty.js';
import { EndDestination } from './handlers/end-destination.js';
import { Lanes } from './handlers/lanes.js';
import { Notify } from './handlers/notify.js';
import { OperationsEventsHandler } from './handlers/operations-events.handler.js';
import { OrderEventsHandler } from './handlers/order-events.handler.js';
import { ProfileQuestionHandler } from './handlers/profile-question.handler.js';
import { RenewSecrets } from './handlers/renew-secrets.js';
import { TelegramChat } from './handlers/telegram-chat.js';
import { TelegramName } from './handlers/telegram-name.js';
import { TelegramUpdates } from './handlers/telegram-updates.js';
import { TellGathered } from './handlers/tell-gathered.js';
import { UnlinkChat } from './handlers/unlink-chat.js';
import type { ChatService } from './ports/chat-service.js';
import { Codes } from './ports/codes.js';
import { Confirmations } from './ports/confirmations.js';
import { Deliveries } from './ports/deliveries.js';
import { DutyLease } from './ports/duty-lease.js';
import { KnownBots } from './ports/known-bots.js';
import { Profiles } from './ports/profiles.js';
import { Sealer } from './ports/sealer.js';
import { NotificationSettings } from './ports/settings.js';
import { WebhookUrls } from './ports/webhook-urls.js';
import { settingsFrom } from './settings-from.js';

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));
/** Null: Telegram is not configured. */
const telegramChats = 'TelegramChats';

@Module({
  imports: [
    BusModule.forRoot({ speaker: 'notifications' }),
    StoreModule.forRoot({ schema: 'notifications', migrations }),
  ],
  controllers: [BotEventsHandler, OrderEventsHandler, OperationsEventsHandler, ProfileQuestionHandler],
  providers: [
    Notify,
    TellGathered,
    RenewSecrets,
    AskThrottle,
    TelegramName,
    UnlinkChat,
    EndDestination,
    Duty,
    { provide: Lease, useFactory: (store: Store) => new Lease(store), inject: [Store] },
    { provide: DutyLease, useExisting: Lease },
    {
      provide: NotificationSettings,
      useFactory: ({ variables }: Environment) => settingsFrom(loadConfig(notificationsEnv, variables)),
      inject: [Environment],
    },
    {
      provide: NoticeFlow,
      useFactory: ({ perMinuteMax }: NotificationSettings) => new NoticeFlow({ perMinuteMax }),
      inject: [NotificationSettings],
    },
    {
      provide: Sealer,
      useFactory: ({ sealingKey }: NotificationSettings) => new VaultSealer(sealingKey),
      inject: [NotificationSettings],
    },
    { provide: Codes, useClass: CryptoCodes },
    {
      provide: WebhookUrls,
      useFactory: ({ webhook }: NotificationSettings) => new CheckedWebhookUrls(webhook),
      inject: [NotificationSettings],
    },
    { provide: Profiles, useFactory: (store: Store) => new PostgresProfiles(store), inject: [Store] },
    { provide: KnownBots, useFactory: (store: Store) => new PostgresKnownBots(store), inject: [Store] },
    {
      provide: Deliveries,
      useFactory: (store: Store, inbox: Inbox, log: Log) => new PostgresDeliveries(store, inbox, log),
      inject: [Store, Inbox, Log],
    },
    { provide: Confirmations, useFactory: (store: Store) => new PostgresConfirmations(store), inject: [Store] },
    {
      provide: telegramChats,
      useFactory: ({ telegram }: NotificationSettings) => (telegram === null ? null : new GrammyChatService(telegram)),
      inject: [NotificationSettings],
    },
    {
      provide: Lanes,
      useFactory: (
        settings: NotificationSettings,
        deliveries: Deliveries,
        profiles: Profiles,
        sealer: Sealer,
        telegram: ChatService | null,
        ...[clock, log, metrics, health, ending]: [WallClock, Log, Metrics, HealthRegistry, EndDestination]
      ) => {
        const onGone: LaneEnd = (delivery, reason) => ending.end(delivery, reason);
        return makeLanes({ settings, deliveries, profiles, sealer, telegram, clock, log, metrics, health, onGone });
      },
      inject: [
        NotificationSettings,
        Deliveries,
        Profiles,
        Sealer,
        telegramChats,
        WallClock,
        Log,
        Metrics,
        HealthRegistry,
        EndDestination,
      ],
    },
    {
      provide: TelegramUpdates,
      useFactory: (
        chats: ChatService | null,
        profiles: Profiles,
        bots: KnownBots,
        confirmations: Confirmations,
        bus: Bus,
        throttle: AskThrottle,
        ...[ending, codes, name, clock, log]: [UnlinkChat, Codes, TelegramName, WallClock, Log]
      ) => {
        if (chats === null) return new TelegramUpdates(null);
        const carryOut = new CarryOut(bus, bots, clock, log);
        const asking = { bots, confirmations, carryOut, throttle };
        const chat = new TelegramChat({ chats, codes, profiles, ...asking, ending, clock, log });
        return new TelegramUpdates({ chats, chat, name, log });
      },
      inject: [
        telegramChats,
        Profiles,
        KnownBots,
        Confirmations,
        Bus,
        AskThrottle,
        UnlinkChat,
        Codes,
        TelegramName,
        WallClock,
        Log,
      ],
    },
  ],
})
export class NotificationsModule {}
