import { isObject } from '../files/shape.js';
import type { RunReport } from '../run-report.js';

type Form = (value: number | null) => string;

/** A figure that reports show: where it is kept, what it is called and how it is reckoned. */
export interface ReportFigure {
  readonly id: string;
  readonly label: string;
  /** In summary.json, e.g. `summary.sharpe`. */
  readonly field: string;
  readonly definition: string;
  readonly form: Form;
  /** For comparisons; absent: neither. A ratio of a loss ranks nothing: a deeper fall would make it better. */
  readonly better?: 'higher' | 'lower' | 'higher-above-0';
}

/** Null: there is no such number in this run. */
export function numberOf({ field }: ReportFigure, report: RunReport): number | null {
  const found = field.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), report);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** For people. */
export const textOf = (figure: ReportFigure, report: RunReport): string => figure.form(numberOf(figure, report));
