import { fail, ok } from '@scalpstorm/kernel';
import type { BarDecider, BarStrategy, ConfiguredBarStrategy, ParameterFault } from '@scalpstorm/strategies';
import { StrategyLoops } from './end-after.js';
import { limitedLoops } from './limited-loops.js';

type Within = NonNullable<ConfiguredBarStrategy['within']>;

/**
 * A strategy as a module exports it, with its code; what it throws when it is configured is a fault like any other.
 * @param within ends what never ends; absent: whoever runs it sees to that
 */
export function ofModule(strategy: BarStrategy, code: string, within?: Within): BarStrategy {
  const configuring = within && limitedLoops(within);
  return {
    ...strategy,
    configure(parameters) {
      try {
        const work = () => strategy.configure(parameters);
        const read = configuring === undefined ? work() : configuring(work);
        if (!read.ok) return read;
        const decider = () => synchronous(read.value.decider());
        return ok({ ...read.value, code, decider, ...(within !== undefined && { within }) });
      } catch (error) {
        return fail([threw(strategy.id, error)]);
      }
    },
  };
}

function threw(id: string, error: unknown): ParameterFault {
  if (error instanceof StrategyLoops && !error.wasTried) return rests(id, error);
  const isEndless = error instanceof StrategyLoops;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: isEndless ? 'STRATEGY_LOOPS' : 'STRATEGY_THREW',
    field: '',
    text: `With these parameters ${id} can not be configured (${words}).`,
    allowed: 'parameters that its check, warmUp, needs and plots take',
    next: 'Mend the module, or use other parameters.',
  };
}

/** Nothing is wrong with these parameters, as far as anybody knows. */
const rests = (id: string, { message }: StrategyLoops): ParameterFault => ({
  code: 'STRATEGY_RESTS',
  field: '',
  text: `${id} is not asked now whether it takes these parameters: with those of somebody ${message}.`,
  allowed: '',
  next: 'Wait ten minutes, then send it again.',
});

/** Nobody waits for a promise: what comes late decides nothing, and a rejection that nobody hears would end the process. */
function synchronous(decider: BarDecider): BarDecider {
  return {
    onClose(bar, desk) {
      const returned: unknown = decider.onClose(bar, desk);
      if (!(returned instanceof Promise)) return;
      returned.catch(() => undefined);
      throw new TypeError('onClose is async; it must decide at once');
    },
    snapshot: () => decider.snapshot(),
    restore: (snapshot) => decider.restore(snapshot),
  };
}
