import type { Command } from 'commander';

/** One command line that the program understands. */
export interface CommandLine {
  /** Without the name of the program, e.g. `bots show`. */
  readonly path: string;
  /** With operands, e.g. `bots show <bot>`. */
  readonly usage: string;
  readonly options: readonly string[];
  readonly description: string;
}

export const commandsBegin = '<!-- commands: written by services/cli/scripts/commands-doc.mjs -->';
export const commandsEnd = '<!-- end of commands -->';

/** Every command that does something, in the order of the help. */
export function commandLines(command: Command, before = ''): readonly CommandLine[] {
  return command.commands.flatMap((inner) => {
    const path = `${before}${inner.name()}`;
    if (inner.commands.length > 0) return commandLines(inner, `${path} `);
    const operands = inner.registeredArguments.map((operand) => {
      const text = `${operand.name()}${operand.variadic ? '...' : ''}`;
      return operand.required ? `<${text}>` : `[${text}]`;
    });
    const options = inner.options.map(({ flags }) => flags);
    const description = inner.summary() || inner.description();
    return [{ path, usage: [path, ...operands].join(' '), options, description }];
  });
}

/** The table of docs/cli.md. */
export function commandsTable(program: Command): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = commandLines(program).map(({ usage, options, description }) => {
    const flags = options.map((flag) => `\`${cell(flag)}\``).join(' ');
    return `| \`${cell(usage)}\` | ${cell(description)} | ${flags} |`;
  });
  return ['| command | what | options |', '|---|---|---|', ...rows].join('\n');
}

/** The document with today's table in the place of the one that it had. */
export function withCommands(document: string, program: Command): string {
  const [before = '', rest = ''] = document.split(commandsBegin);
  const [, after = ''] = rest.split(commandsEnd);
  return `${before}${commandsBegin}\n\n${commandsTable(program)}\n\n${commandsEnd}${after}`;
}
