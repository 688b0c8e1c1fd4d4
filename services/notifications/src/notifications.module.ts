import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { Bus, BusModule } from '@scalpstorm/bus';
import { Environment, loadConfig } from '@scalpstorm/config';
import { HealthRegistry, Log, Metrics, WallClock } from '@scalpstorm/observability';
import { Inbox, Store, StoreModule } from '@scalpstorm/store';
import { AesGcmSealer } from './adapters/aes-gcm-sealer.js';
import { PostgresConfirmations } from './adapters/postgres-confirmations.js';
import { PostgresDeliveries } from './adapters/postgres-deliveries.js';
import { PostgresKnownBots } from './adapters/postgres-known-bots.js';
import { PostgresProfiles } from './adapters/postgres-profiles.js';
import { TelegramApi } from './adapters/telegram-api.js';
import { makeLanes } from './channels.js';
import { notificationsEnv } from './config.js';
import { NoticeFlow } from './domain/flow.js';
import { AskThrottle } from './handlers/ask-throttle.js';
import { BotEventsHandler } from './handlers/bot-events.handler.js';
import { CarryOut } from './handlers/carry-out.js';
import { Lanes } from './handlers/lanes.js';
import { Notify } from './handlers/notify.js';
import { OperationsEventsHandler } from './handlers/operations-events.handler.js';
import { OrderEventsHandler } from './handlers/order-events.handler.js';
import { ProfileQuestionHandler } from './handlers/profile-question.handler.js';
import { TelegramChat } from './handlers/telegram-chat.js';
import { TelegramName } from './handlers/telegram-name.js';
import { TelegramUpdates } from './handlers/telegram-updates.js';
import { TellGathered } from './handlers/tell-gathered.js';
import { Confirmations } from './ports/confirmations.js';
import { Deliveries } from './ports/deliveries.js';
import { KnownBots } from './ports/known-bots.js';
import { Profiles } from './ports/profiles.js';
import { Sealer } from './ports/sealer.js';
import { NotificationSettings } from './ports/settings.js';
import { settingsFrom } from './settings-from.js';

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));
/** Null: Telegram is not configured. */
const telegramApi = 'TelegramApi';

@Module({
  imports: [
    BusModule.forRoot({ speaker: 'notifications' }),
    StoreModule.forRoot({ schema: 'notifications', migrations }),
  ],
  controllers: [BotEventsHandler, OrderEventsHandler, OperationsEventsHandler, ProfileQuestionHandler],
  providers: [
    Notify,
    TellGathered,
    AskThrottle,
    TelegramName,
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
      useFactory: ({ sealingKey }: NotificationSettings) => new AesGcmSealer(sealingKey),
      inject: [NotificationSettings],
    },
    { provide: Profiles, useFactory: (store: Store) => new PostgresProfiles(store), inject: [Store] },
    {
      provide: KnownBots,
      useFactory: (store: Store, inbox: Inbox) => new PostgresKnownBots(store, inbox),
      inject: [Store, Inbox],
    },
    {
      provide: Deliveries,
      useFactory: (store: Store, inbox: Inbox) => new PostgresDeliveries(store, inbox),
      inject: [Store, Inbox],
    },
    { provide: Confirmations, useFactory: (store: Store) => new PostgresConfirmations(store), inject: [Store] },
    {
      provide: telegramApi,
      useFactory: ({ telegram }: NotificationSettings) => (telegram === null ? null : new TelegramApi(telegram)),
      inject: [NotificationSettings],
    },
    {
      provide: Lanes,
      useFactory: (
        settings: NotificationSettings,
        deliveries: Deliveries,
        profiles: Profiles,
        sealer: Sealer,
        telegram: TelegramApi | null,
        ...[clock, log, metrics, health]: [WallClock, Log, Metrics, HealthRegistry]
      ) => makeLanes({ settings, deliveries, profiles, sealer, telegram, clock, log, metrics, health }),
      inject: [
        NotificationSettings,
        Deliveries,
        Profiles,
        Sealer,
        telegramApi,
        WallClock,
        Log,
        Metrics,
        HealthRegistry,
      ],
    },
    {
      provide: TelegramUpdates,
      useFactory: (
        api: TelegramApi | null,
        profiles: Profiles,
        bots: KnownBots,
        confirmations: Confirmations,
        bus: Bus,
        throttle: AskThrottle,
        ...[name, clock, log]: [TelegramName, WallClock, Log]
      ) => {
        if (api === null) return new TelegramUpdates(null);
        const carryOut = new CarryOut(bus, clock, log);
        const chat = new TelegramChat({ api, profiles, bots, confirmations, carryOut, throttle, clock, log });
        return new TelegramUpdates({ api, chat, name, log });
      },
      inject: [telegramApi, Profiles, KnownBots, Confirmations, Bus, AskThrottle, TelegramName, WallClock, Log],
    },
  ],
})
export class NotificationsModule {}
