import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemRaised, problems } from '../../domain/problem.js';

const folder = new URL('../../../public/', import.meta.url);
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface Asset {
  readonly content: Buffer;
  readonly type: string;
  readonly etag: string;
}

/** The page: a handful of files, read once. Only names that were found at start can be asked for. */
@Controller()
export class PageHandler {
  readonly #assets = new Map<string, Asset>(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && extname(entry.name) in types)
      .map(({ name }) => [name, assetOf(name)]),
  );

  @Get('/')
  index(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.#send('index.html', request, reply);
  }

  @Get('/assets/:name')
  asset(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.#send(name, request, reply);
  }

  #send(name: string, request: FastifyRequest, reply: FastifyReply): void {
    const asset = this.#assets.get(name);
    if (asset === undefined) throw new ProblemRaised(problems.notFound('file'));
    reply.header('etag', asset.etag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === asset.etag) reply.status(304).send();
    else reply.type(asset.type).send(asset.content);
  }
}

function assetOf(name: string): Asset {
  const content = readFileSync(new URL(name, folder));
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 27);
  return { content, type: types[extname(name)] ?? '', etag: `"${digest}"` };
}
