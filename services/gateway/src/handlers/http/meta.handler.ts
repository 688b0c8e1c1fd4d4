import { Controller, Get, Header } from '@nestjs/common';
import { About } from '../../use-cases/about.js';
import { openApiDocument } from './openapi.js';
import type { ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Serves } from './serves.js';

/** What runs here, and what it understands. */
@Controller()
export class MetaHandler {
  /** Made when somebody asks: it would be a good part of what a gateway does to start. */
  #document: string | null = null;

  constructor(private readonly about: About) {}

  @Serves(routes.version)
  version(): ReplyOf<typeof routes.version> {
    return this.about.version();
  }

  /** Public: it tells the form of the API and nothing of anybody. */
  @Get('/v1/openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  document(): string {
    this.#document ??= JSON.stringify(openApiDocument(this.about.version().version));
    return this.#document;
  }
}
