import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** 50 µs to 10 s: the libraries' usual buckets begin where our slowest step should end. */
export const durationBuckets: readonly number[] = [
  0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

export interface MetricOptions<Label extends string = string> {
  /** Without the prefix; base unit and `_total` at the end: `order_ack_duration_seconds`, `orders_total`. */
  readonly name: string;
  readonly help: string;
  /** Never an id of a user, bot or order: every value is a time series of its own. */
  readonly labels?: readonly Label[];
}

/** The Prometheus metrics of one service; names get the prefix `scalpstorm_`. Asking twice for a name gives the same metric. */
export class Metrics {
  readonly registry = new Registry();
  /** Where metrics are found again; of silent ones nothing is told. */
  private readonly kept: Registry;

  /** `silent`: nothing is measured, for whoever wants to know what measuring costs. */
  constructor(
    service: string,
    private readonly options: { nodeMetrics?: boolean; silent?: boolean } = {},
  ) {
    this.registry.setDefaultLabels({ service });
    this.kept = options.silent === true ? new Registry() : this.registry;
    if (options.nodeMetrics === true) collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string = string>(options: MetricOptions<Label>): Counter<Label> {
    const settings = this.settings(options);
    return this.known(settings.name, Counter<Label>) ?? this.made(new Counter<Label>(settings));
  }

  /** `collect` sets the value when it is asked for, instead of at every change. */
  gauge<Label extends string = string>(
    options: MetricOptions<Label> & { readonly collect?: (gauge: Gauge<Label>) => void | Promise<void> },
  ): Gauge<Label> {
    const settings = this.settings(options);
    const { collect } = options;
    const known = this.known(settings.name, Gauge<Label>);
    if (known !== undefined) return known;
    if (collect === undefined || this.options.silent === true) return this.made(new Gauge<Label>(settings));
    const gauge: Gauge<Label> = new Gauge<Label>({ ...settings, collect: () => collect(gauge) });
    return gauge;
  }

  histogram<Label extends string = string>(
    options: MetricOptions<Label> & { readonly buckets?: readonly number[] },
  ): Histogram<Label> {
    const settings = this.settings(options);
    const buckets = [...(options.buckets ?? durationBuckets)];
    return this.known(settings.name, Histogram<Label>) ?? this.made(new Histogram<Label>({ ...settings, buckets }));
  }

  private made<Metric extends object>(metric: Metric): Metric {
    return this.options.silent === true ? Object.assign(metric, mute) : metric;
  }

  private settings<Label extends string>({ name, help, labels = [] }: MetricOptions<Label>) {
    return { name: `scalpstorm_${name}`, help, labelNames: [...labels], registers: [this.kept] };
  }

  private known<Metric>(name: string, kind: abstract new (...args: never[]) => Metric): Metric | undefined {
    const metric: unknown = this.kept.getSingleMetric(name);
    if (metric === undefined) return undefined;
    if (!(metric instanceof kind)) throw new TypeError(`the metric ${name} exists with another kind`);
    return metric;
  }
}

const nothing = (): void => undefined;
const mute = { inc: nothing, dec: nothing, set: nothing, observe: nothing, zero: nothing, startTimer: () => () => 0 };
