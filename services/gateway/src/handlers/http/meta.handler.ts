import { readFileSync } from 'node:fs';
import { Controller, Get, Header } from '@nestjs/common';
import { Timestamp } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';
import { openApiDocument } from './openapi.js';
import type { ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Serves } from './serves.js';

const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** What runs here, and what it understands. */
@Controller()
export class MetaHandler {
  readonly #document = JSON.stringify(openApiDocument(manifest.version));

  constructor(private readonly clock: WallClock) {}

  @Serves(routes.version)
  version(): ReplyOf<typeof routes.version> {
    const time = Timestamp.toIso(this.clock.now());
    return { name: 'scalpstorm', version: manifest.version, api: 'v1', time };
  }

  /** Public: it tells the form of the API and nothing of anybody. */
  @Get('/v1/openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  document(): string {
    return this.#document;
  }
}
