import type { Command } from 'commander';
import { usageFailure } from '../failure.js';
import type { Runner } from '../runner.js';

/** Words after words: made from the commands themselves, so it cannot fall behind them. */
export function registerCompletion(program: Command, run: Runner, elsewhere: readonly string[]): void {
  program
    .command('completion <shell>')
    .description('a script for bash or zsh: source <(scalpstorm completion bash)')
    .action(
      run(async ({ output }, { operands: [shell = ''] }) => {
        if (shell !== 'bash' && shell !== 'zsh') {
          throw usageFailure('INVALID_SHELL', `"${shell}" is not known.`, 'bash or zsh');
        }
        const start = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
        output.raw(`${start}${script(program, elsewhere)}`);
      }),
    );
}

function script(program: Command, elsewhere: readonly string[]): string {
  const cases = program.commands
    .filter(({ commands }) => commands.length > 0)
    .map((command) => `    ${command.name()}) words="${wordsOf(command)}" ;;`);
  const own = program.commands.map((command) => command.name());
  return `_scalpstorm() {
  local words="${[...own, ...elsewhere].join(' ')}"
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${[...own, ...elsewhere].join(' ')}"
  COMPREPLY=($(compgen -W "$words --json --help --url --profile --no-color" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _scalpstorm scalpstorm
`;
}

const wordsOf = (command: Command): string => command.commands.map((inner) => inner.name()).join(' ');
