import { ApiClient } from './api-client.js';
import { type Failure, failureText } from './failure.js';
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
  const output = new Output(terminal, options.json === true, wantsColor);
  const onRepeat = (failure: Failure) => output.note(`${failureText(failure)}\nasking once more …`);
  const profiles = new ProfileStore(environment, options.profile ?? environment['SCALPSTORM_PROFILE'] ?? 'default');
  return {
    environment,
    terminal,
    output,
    profiles,
    api: new ApiClient(profiles, environment, { url: options.url, onRepeat }),
  };
}
