import type { Sql } from './session.js';

/** The same client, which also reports how long every query took, from its creation to its end. */
export function timedSql(sql: Sql, report: (seconds: number, outcome: 'ok' | 'failed') => void): Sql {
  return new Proxy(sql, {
    apply: (target, self, args) => {
      const result: unknown = Reflect.apply(target as (...given: unknown[]) => unknown, self, args);
      if (!(result instanceof Promise)) return result;
      const startedAt = performance.now();
      const finish = (outcome: 'ok' | 'failed') => () => report((performance.now() - startedAt) / 1_000, outcome);
      // Promise's own `then`: a query's would start it, and a fragment of another query must never start.
      Promise.prototype.then.call(result, finish('ok'), finish('failed'));
      return result;
    },
  });
}
