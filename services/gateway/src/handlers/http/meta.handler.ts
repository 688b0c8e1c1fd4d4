import { Controller, Get, Header } from '@nestjs/common';
import { About } from '../../use-cases/about.js';
import { openApiDocument } from './openapi.js';
import type { ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Serves } from './serves.js';

/** What runs here, and what it understands. */
@Controller()
export class MetaHandler {
  readonly #document: string;

  constructor(private readonly about: About) {
    this.#document = JSON.stringify(openApiDocument(about.version().version));
  }

  @Serves(routes.version)
  version(): ReplyOf<typeof routes.version> {
    return this.about.version();
  }

  /** Public: it tells the form of the API and nothing of anybody. */
  @Get('/v1/openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  document(): string {
    return this.#document;
  }
}
