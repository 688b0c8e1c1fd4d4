import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@scalpstorm/model';

/** One version of a rule that was imported. */
export interface OwnStrategy {
  readonly id: string;
  /** From 1 on. */
  readonly version: number;
  readonly file: string;
}

/**
 * Rules that were imported: a folder an id, and in it a file a version. A version is never written again, so what ran under it can be
 * found for ever.
 */
export class OwnStrategies {
  constructor(private readonly folder: string) {}

  /** The newest version of each, by id. */
  list(): readonly OwnStrategy[] {
    return namesIn(this.folder)
      .toSorted()
      .map((id) => this.find(id))
      .filter((one) => one !== null);
  }

  /** @param text an id, or an id and a version: `calm@2` */
  find(text: string): OwnStrategy | null {
    const [, id = '', version] = /^([a-z0-9-]+)(?:@(\d{1,6}))?$/.exec(text) ?? [];
    if (id === '') return null;
    const versions = this.versionsOf(id);
    const found = version === undefined ? Math.max(0, ...versions) : Number(version);
    return versions.includes(found) ? { id, version: found, file: this.fileOf(id, found) } : null;
  }

  /** Keeps a rule as its next version; what is the newest already is not kept twice. */
  keep(id: string, rule: JsonObject): { readonly kept: OwnStrategy; readonly isNew: boolean } {
    const text = ruleText(rule);
    const newest = this.find(id);
    if (newest !== null && readFileSync(newest.file, 'utf8') === text) return { kept: newest, isNew: false };
    const version = (newest?.version ?? 0) + 1;
    mkdirSync(join(this.folder, id), { recursive: true });
    const file = this.fileOf(id, version);
    // Two at once: the later one fails, and nothing is written over.
    writeFileSync(file, text, { flag: 'wx' });
    return { kept: { id, version, file }, isNew: true };
  }

  private fileOf(id: string, version: number): string {
    return join(this.folder, id, `${version}.json`);
  }

  private versionsOf(id: string): readonly number[] {
    return namesIn(join(this.folder, id)).flatMap((name) => {
      const version = /^(\d{1,6})\.json$/.exec(name)?.[1];
      return version === undefined ? [] : [Number(version)];
    });
  }
}

/** A rule as it is written into a file. */
export const ruleText = (rule: JsonObject): string => `${JSON.stringify(rule, null, 2)}\n`;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
