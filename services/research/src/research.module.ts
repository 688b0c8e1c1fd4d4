import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { Bus, BusModule, BusOutboxPublisher } from '@scalpstorm/bus';
import { Environment, loadConfig } from '@scalpstorm/config';
import { Log } from '@scalpstorm/observability';
import { Outbox, OutboxModule, Store, StoreModule } from '@scalpstorm/store';
import { StrategyCatalogue } from '@scalpstorm/strategies';
import { loadModules, tellModules } from '@scalpstorm/strategy-files';
import { BusCandles } from './adapters/bus-candles.js';
import { PostgresBarFiles } from './adapters/postgres-bar-files.js';
import { PostgresJobQueue } from './adapters/postgres-job-queue.js';
import { PostgresJobs } from './adapters/postgres-jobs.js';
import { PostgresTrialRecords } from './adapters/postgres-trial-records.js';
import { ThreadWorkbench } from './adapters/thread-workbench.js';
import { researchEnv, settingsFrom } from './config.js';
import { JobNews } from './handlers/job-news.js';
import { JobRunner } from './handlers/job-runner.js';
import { LoadBars } from './handlers/load-bars.js';
import { ResearchQuestionHandler } from './handlers/research-question.handler.js';
import { WorkJob } from './handlers/work-job.js';
import { BarFiles } from './ports/bar-files.js';
import { Candles } from './ports/candles.js';
import { JobQueue } from './ports/job-queue.js';
import { Jobs } from './ports/jobs.js';
import { ResearchSettings } from './ports/settings.js';
import { TrialRecords } from './ports/trial-records.js';
import { Workbench } from './ports/workbench.js';
import { ResearchMetrics } from './research-metrics.js';

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

@Module({
  imports: [
    BusModule.forRoot({ speaker: 'research' }),
    StoreModule.forRoot({ schema: 'research', migrations }),
    OutboxModule.forRoot({ publisher: BusOutboxPublisher }),
  ],
  controllers: [ResearchQuestionHandler],
  providers: [
    JobNews,
    JobRunner,
    LoadBars,
    WorkJob,
    ResearchMetrics,
    {
      provide: ResearchSettings,
      useFactory: ({ variables }: Environment) => settingsFrom(loadConfig(researchEnv, variables)),
      inject: [Environment],
    },
    {
      provide: StrategyCatalogue,
      useFactory: async ({ strategiesDir }: ResearchSettings, log: Log) => {
        const catalogue = await loadModules(strategiesDir);
        tellModules(catalogue, log);
        return catalogue;
      },
      inject: [ResearchSettings, Log],
    },
    { provide: Jobs, useFactory: (store: Store) => new PostgresJobs(store), inject: [Store] },
    {
      provide: JobQueue,
      useFactory: (store: Store, outbox: Outbox, { leaseMs }: ResearchSettings, metrics: ResearchMetrics) => {
        const queue = new PostgresJobQueue(store, outbox, leaseMs);
        metrics.watch(queue);
        return queue;
      },
      inject: [Store, Outbox, ResearchSettings, ResearchMetrics],
    },
    {
      provide: BarFiles,
      useFactory: (store: Store, { barFilesBytesMax }: ResearchSettings) =>
        new PostgresBarFiles(store, barFilesBytesMax),
      inject: [Store, ResearchSettings],
    },
    { provide: TrialRecords, useFactory: (store: Store) => new PostgresTrialRecords(store), inject: [Store] },
    { provide: Candles, useFactory: (bus: Bus) => new BusCandles(bus), inject: [Bus] },
    {
      provide: Workbench,
      useFactory: ({ megabytesMax, millisecondsMax }: ResearchSettings, { own }: StrategyCatalogue) =>
        new ThreadWorkbench({
          megabytesMax,
          millisecondsMax,
          modules: new Map(own.map(({ file, strategy }) => [strategy.id, file])),
        }),
      inject: [ResearchSettings, StrategyCatalogue],
    },
  ],
})
export class ResearchModule {}
