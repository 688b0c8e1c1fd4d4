import { Module } from '@nestjs/common';
import { BusModule, Receiver, StreamReaders } from '@scalpstorm/bus';
import { Environment, loadConfig } from '@scalpstorm/config';
import { Log } from '@scalpstorm/observability';
import { BusEventStreams } from './adapters/bus-event-streams.js';
import { KafkajsRecordLog } from './adapters/kafkajs-record-log.js';
import { kafkaBridgeEnv } from './config.js';
import { Bridge } from './handlers/bridge.js';
import { EventStreams } from './ports/event-streams.js';
import { RecordLog } from './ports/record-log.js';
import { BridgeSettings } from './ports/settings.js';
import { settingsFrom } from './settings-from.js';

@Module({
  imports: [BusModule.forRoot({ speaker: 'kafka-bridge' })],
  providers: [
    Bridge,
    {
      provide: BridgeSettings,
      useFactory: ({ variables }: Environment) => settingsFrom(loadConfig(kafkaBridgeEnv, variables)),
      inject: [Environment],
    },
    {
      provide: EventStreams,
      useFactory: (readers: StreamReaders, receiver: Receiver) => new BusEventStreams(readers, receiver),
      inject: [StreamReaders, Receiver],
    },
    {
      provide: RecordLog,
      useFactory: ({ connection, newTopics }: BridgeSettings, log: Log) =>
        new KafkajsRecordLog(connection, newTopics, log),
      inject: [BridgeSettings, Log],
    },
  ],
})
export class KafkaBridgeModule {}
