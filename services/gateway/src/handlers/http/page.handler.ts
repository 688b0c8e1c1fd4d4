import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Problem, ProblemRaised, problems } from '../../domain/problem.js';

/** What `npm run build` makes of services/dashboard. */
const folder = fileURLToPath(new URL('../../../../dashboard/dist/app/', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};
/** Made by the build beside a file where it saves anything; the first that a browser understands is sent. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;
/** A file below `assets/` has the hash of its content in its name. */
const forever = 'public, max-age=31536000, immutable';

interface Asset {
  readonly content: Buffer;
  readonly encoded: readonly { readonly encoding: string; readonly content: Buffer }[];
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
}

/** The dashboard: files that were there at start, read once. Every address of the page itself is answered with index.html. */
@Controller()
export class PageHandler {
  readonly #assets = readAssets();

  @Get('/')
  index(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.#send('index.html', request, reply);
  }

  @Get('/assets/:name')
  asset(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.#send(`assets/${name}`, request, reply);
  }

  /** Programs that mistype an address get a problem; a person who opens a link gets the page, which knows its own addresses. */
  @Get('*')
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const path = request.url.split('?', 1)[0] ?? '';
    const name = path.slice(1);
    if (this.#assets.has(name)) {
      this.#send(name, request, reply);
      return;
    }
    const wantsPage = request.headers.accept?.includes('text/html') ?? false;
    if (!wantsPage || path.startsWith('/v1/')) throw new ProblemRaised(problems.routeNotFound(request.method, path));
    this.#send('index.html', request, reply);
  }

  #send(name: string, request: FastifyRequest, reply: FastifyReply): void {
    const asset = this.#assets.get(name);
    if (asset === undefined) throw new ProblemRaised(name === 'index.html' ? notBuilt() : problems.notFound('file'));
    reply.header('etag', asset.etag).header('cache-control', asset.cacheControl).header('vary', 'accept-encoding');
    if (request.headers['if-none-match'] === asset.etag) {
      reply.status(304).send();
      return;
    }
    const accepted = String(request.headers['accept-encoding'] ?? '');
    const found = asset.encoded.find(({ encoding }) => accepted.includes(encoding));
    if (found !== undefined) reply.header('content-encoding', found.encoding);
    reply.type(asset.type).send(found?.content ?? asset.content);
  }
}

const notBuilt = (): Problem => ({
  ...problems.notFound('page'),
  detail: 'The dashboard is not built: run npm run build.',
});

function readAssets(): ReadonlyMap<string, Asset> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter(
    (entry) => entry.isFile() && extname(entry.name) in types,
  );
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = `${parentPath}/${name}`;
      return [relative(folder, path), assetOf(path)];
    }),
  );
}

function assetOf(path: string): Asset {
  const content = readFileSync(path);
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 27);
  return {
    content,
    encoded: encodings.flatMap(([encoding, suffix]) =>
      existsSync(path + suffix) ? [{ encoding, content: readFileSync(path + suffix) }] : [],
    ),
    type: types[extname(path)] ?? '',
    etag: `"${digest}"`,
    cacheControl: relative(folder, path).startsWith('assets/') ? forever : 'no-cache',
  };
}
