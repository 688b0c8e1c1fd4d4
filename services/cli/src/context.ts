import { ApiClient } from './api-client.js';
import { Output, type Terminal } from './output.js';
import { type Environment, ProfileStore } from './profile-store.js';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly color?: boolean;
  readonly url?: string;
  readonly profile?: string;
}

/** What a command works with. */
export interface Context {
  readonly environment: Environment;
  readonly terminal: Terminal;
  readonly output: Output;
  readonly profiles: ProfileStore;
  readonly api: ApiClient;
}

export function contextOf(options: GlobalOptions, terminal: Terminal, environment: Environment): Context {
  const wantsColor = options.color !== false && !environment['NO_COLOR'] && terminal.stdout.isTTY === true;
  const profiles = new ProfileStore(environment, options.profile ?? environment['SCALPSTORM_PROFILE'] ?? 'default');
  return {
    environment,
    terminal,
    output: new Output(terminal, options.json === true, wantsColor),
    profiles,
    api: new ApiClient(profiles, environment, options.url),
  };
}
