import type { StrategyCatalogue } from '@scalpstorm/strategies';

interface Telling {
  info(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** What came of the operator's own strategies, for the operator. */
export function tellModules({ own, refused }: StrategyCatalogue, log: Telling): void {
  for (const { file, strategy } of own)
    log.info({ strategy: strategy.id, file }, 'a strategy of the operator is loaded');
  for (const { file, code, text, next } of refused) {
    log.error({ code, file, reason: text, next }, 'a strategy of the operator is left out');
  }
}
