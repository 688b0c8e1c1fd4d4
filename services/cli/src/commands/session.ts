import type { Command } from 'commander';
import { Failure, usageFailure } from '../failure.js';
import { ask, askHidden, readSecret } from '../prompt.js';
import { showFields } from '../rows.js';
import type { Runner } from '../runner.js';

interface LoginOptions {
  readonly email?: string;
  readonly passwordStdin?: boolean;
  readonly tokenStdin?: boolean;
}

export function registerSession(program: Command, run: Runner): void {
  program
    .command('login')
    .summary('log in and remember it on this machine')
    .description('Log in and remember it on this machine. Secrets are typed or piped in, never given as arguments.')
    .option('--email <address>', 'who logs in')
    .option('--password-stdin', 'read the password from standard input')
    .option('--token-stdin', 'read an access token or API key from standard input')
    .action(
      run<LoginOptions>(async (context, { options }) => {
        const { api, output, terminal, profiles } = context;
        const profile = options.tokenStdin
          ? await api.useToken(await readSecret(terminal.stdin))
          : await withPassword();
        if (output.json) output.value({ url: profile.url, email: profile.email, profile: profiles.path });
        else output.line(`logged in at ${profile.url} as ${profile.email ?? ''}`);

        async function withPassword() {
          const interactive = terminal.stdin.isTTY === true;
          if (!interactive && options.passwordStdin !== true) {
            throw usageFailure(
              'SECRET_MISSING',
              'nobody is there to ask.',
              'pipe it in: --password-stdin or --token-stdin',
            );
          }
          if (options.email === undefined && !interactive) {
            throw usageFailure('EMAIL_MISSING', 'who logs in?', 'give --email');
          }
          const email = options.email ?? (await ask(terminal, 'e-mail: '));
          const password = options.passwordStdin
            ? await readSecret(terminal.stdin)
            : await askHidden(terminal, 'password: ');
          return api.logIn(email, password);
        }
      }),
    );

  program
    .command('logout')
    .description('end the session and forget it')
    .action(
      run(async ({ api, output }) => {
        const was = await api.logOut();
        if (output.json) output.value({ loggedOut: was });
        else output.line(was ? 'logged out' : 'nobody was logged in');
      }),
    );

  program
    .command('whoami')
    .description('who is logged in, and where')
    .action(
      run(async (context) => {
        const me = await context.api.get('/v1/me');
        if (typeof me !== 'object' || me === null) throw new Failure('UNEXPECTED_ANSWER', 'the gateway did not say.');
        showFields(context, { ...me, url: context.api.url });
      }),
    );
}
