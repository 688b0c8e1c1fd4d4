import { Writable } from 'node:stream';
import { exampleBot, exampleInstrument } from '@scalpstorm/engine/testing';
import { Timestamp, unwrap } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { JournalPen, type StrategyEvent, strategies, type WrittenRow } from '@scalpstorm/strategies';
import type { Terminal } from '../output.js';
import { run } from '../program.js';

/** A bot that was started, stopped, and started again. */
function journal(): readonly WrittenRow[] {
  const parameters: JsonObject = { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '101' } };
  const instrument = exampleInstrument();
  const strategy = unwrap(
    strategies.get('scalping-cycle')?.configure(parameters, instrument) ?? { ok: false, error: [] },
  );
  const pen = new JournalPen();
  const events: readonly StrategyEvent[] = [
    { kind: 'started' },
    { kind: 'stop-asked', reason: 'stop' },
    { kind: 'started' },
  ];
  let state = strategy.init();
  return events.flatMap((event, second) => {
    const context = {
      ...{ botId: exampleBot, mode: 'demo' as const, instrument, now: Timestamp.fromMillis(1_000 * second) },
      ...{ quote: null, trade: null, vwap: null, atr: null, prediction: null, funds: null, position: null },
    };
    const step = strategy.step(state, event, context);
    const rows = pen.note({ strategy: 'scalping-cycle', parameters, state }, { event, context, effects: step.effects });
    state = step.state;
    return rows;
  });
}

/** As `--save` writes it. */
export const keptJournal = (): readonly string[] =>
  journal().map(({ number, text }) => `{"number":${number},"entry":${text}}`);

/** What the command says. */
export async function spoken(args: readonly string[], home: string) {
  const said = { stdout: '', stderr: '' };
  const into = (name: keyof typeof said) =>
    new Writable({
      write: (chunk, _encoding, done) => {
        said[name] += String(chunk);
        done();
      },
    });
  const terminal = { stdout: into('stdout'), stderr: into('stderr'), stdin: process.stdin } as unknown as Terminal;
  const code = await run(args, terminal, { HOME: home });
  return { code, ...said };
}
