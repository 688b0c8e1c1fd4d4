import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { Timestamp } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

export interface VersionView {
  readonly name: string;
  readonly version: string;
  readonly api: string;
  readonly time: string;
}

/** What runs here. */
@Injectable()
export class About {
  constructor(private readonly clock: WallClock) {}

  version(): VersionView {
    return { name: 'scalpstorm', version: manifest.version, api: 'v1', time: Timestamp.toIso(this.clock.now()) };
  }
}
