import 'reflect-metadata';
import { Controller, Get, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { commonEnv } from '@scalpstorm/config';
import { assert } from '@scalpstorm/kernel';
import { z } from 'zod';
import { createServiceApp } from '../src/index.js';

/** A service for specs, whose behaviour the environment chooses. */
@Controller('child')
class ChildController {
  @Get('bug')
  bug(): void {
    assert(false, 'two and two were five');
  }

  @Get('rejection')
  rejection(): string {
    void Promise.reject(new Error('nobody looked'));
    return 'sent';
  }
}

@Injectable()
class SlowToStop implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    if (process.env['HANG'] === 'true') await new Promise(() => setInterval(() => undefined, 1_000));
  }
}

/** What a person has to see to. */
class NeedsSomebody extends Error {
  readonly code = 'TABLES_ARE_NEWER';
  readonly next = 'start the other version';
}

@Injectable()
class StartsOrNot {
  constructor() {
    if (process.env['REFUSE'] === 'true') throw new NeedsSomebody('the tables are not ours');
  }
}

@Module({ controllers: [ChildController], providers: [SlowToStop, StartsOrNot] })
class ChildModule {}

const { listen } = await createServiceApp(ChildModule, {
  service: 'child',
  env: process.env,
  door: {},
  config: z.object({ ...commonEnv, CHILD_NAME: z.string() }),
});
await listen();
