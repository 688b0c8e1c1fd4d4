import { ok } from '@scalpstorm/kernel';
import type { Instrument, JsonObject, Price } from '@scalpstorm/model';
import type { ConfiguredStrategy, Strategy, StrategyEvent, StrategyStep } from '@scalpstorm/strategies';

/** It is started at this time only, and has until then heard of nothing; what it measures has been measured all the same. */
export const begunAt = (strategy: Strategy, at: number): Strategy =>
  lived(strategy, (configured) => {
    let isBegun = false;
    const step: ConfiguredStrategy['step'] = (state, event, context) => {
      if (isBegun) return configured.step(state, event, context);
      if (context.now < at) return { state, effects: [] };
      isBegun = true;
      const started = configured.step(state, { kind: 'started' }, context);
      return after(started, configured, event, context);
    };
    return { ...configured, heedsMarket: (state) => !isBegun || configured.heedsMarket(state), step };
  });

function after(
  first: StrategyStep<JsonObject>,
  configured: ConfiguredStrategy,
  event: StrategyEvent,
  context: Parameters<ConfiguredStrategy['step']>[2],
): StrategyStep<JsonObject> {
  if (event.kind === 'started') return first;
  const next = configured.step(first.state, event, context);
  return { state: next.state, effects: [...first.effects, ...next.effects] };
}

/** At each of these times, ascending, what it remembers is written down and given to another one. */
export const restartedAt = (strategy: Strategy, times: readonly number[]): Strategy =>
  lived(strategy, (configured, again) => {
    const left = [...times];
    let current = configured;
    const step: ConfiguredStrategy['step'] = (state, event, context) => {
      let known = state;
      while (left.length > 0 && (left[0] as number) <= context.now) {
        left.shift();
        current = again();
        known = JSON.parse(JSON.stringify(known)) as JsonObject;
      }
      return current.step(known, event, context);
    };
    return { ...configured, heedsMarket: (state) => current.heedsMarket(state), step };
  });

type Live = (configured: ConfiguredStrategy, again: () => ConfiguredStrategy) => ConfiguredStrategy;

function lived(strategy: Strategy, live: Live): Strategy {
  return {
    ...strategy,
    configure(parameters: JsonObject, instrument: Instrument, lastPrice?: Price | null) {
      const configured = strategy.configure(parameters, instrument, lastPrice);
      if (!configured.ok) return configured;
      const again = (): ConfiguredStrategy => {
        const other = strategy.configure(parameters, instrument, lastPrice);
        return other.ok ? other.value : configured.value;
      };
      return ok(live(configured.value, again));
    },
  };
}
