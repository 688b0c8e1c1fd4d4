import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure, usageFailure } from './failure.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const profileSchema = z.object({
  url: z.string(),
  email: z.string().nullable(),
  /** Sent as it is; an access token that is renewed, or a key that is not. */
  token: z.string(),
  refreshToken: z.string().nullable(),
  expiresAt: z.string().nullable(),
});
export type Profile = z.infer<typeof profileSchema>;

const namePattern = /^[a-z0-9][a-z0-9-]{0,30}$/;
const ownerOnly = 0o600;

/** Log-ins on this machine: one file a profile, readable by its owner alone. */
export class ProfileStore {
  readonly path: string;
  readonly #folder: string;

  constructor(environment: Environment, name: string) {
    if (!namePattern.test(name)) {
      throw usageFailure('INVALID_PROFILE', `"${name}" cannot name a profile.`, 'use letters, digits and dashes');
    }
    const base = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] ?? homedir(), '.config');
    this.#folder = join(base, 'scalpstorm');
    this.path = join(this.#folder, `${name}.json`);
  }

  /** Null: nobody is logged in. */
  read(): Profile | null {
    if (!existsSync(this.path)) return null;
    const found = profileSchema.safeParse(parsed(readFileSync(this.path, 'utf8')));
    if (found.success) return found.data;
    throw new Failure('PROFILE_UNREADABLE', `${this.path} is not a profile of this program.`, {
      next: 'remove it, and log in again: scalpstorm login',
    });
  }

  /** Whole or not at all, and never readable by others, not even for a moment. */
  write(profile: Profile): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const fresh = `${this.path}.${process.pid}.new`;
    writeFileSync(fresh, `${JSON.stringify(profile, null, 2)}\n`, { mode: ownerOnly });
    chmodSync(fresh, ownerOnly);
    renameSync(fresh, this.path);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  /** Others may read it: somebody changed what `write` set. */
  get isExposed(): boolean {
    return existsSync(this.path) && (statSync(this.path).mode & 0o077) !== 0;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
