import {
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Grafana's names of the units that we use. */
export type Unit = 'short' | 's' | 'reqps' | 'ops' | 'bytes' | 'percentunit' | 'none';

export interface Query {
  readonly expr: string;
  /** E.g. `{{service}}`. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** What it shows and what is good; Grafana shows it behind the title. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** One number now, coloured from these values on; without it a graph over time. */
  readonly stat?: { readonly warnFrom?: number; readonly badFrom?: number; readonly badBelow?: number };
}

export interface Section {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A choice at the top of a dashboard: all values of a label of a metric. */
export interface Choice {
  readonly name: string;
  readonly metric: string;
}

export interface DashboardPlan {
  /** Also the name of its file, and part of its address for ever. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly choices: readonly Choice[];
  readonly sections: readonly Section[];
}

const datasource = { type: 'prometheus', uid: '$' + '{datasource}' };
const statWidth = 4;
const graphWidth = 8;
const statHeight = 4;
const graphHeight = 8;
const refIds = 'ABCDEFGHIJ';

/** What Grafana imports. The same plan gives the same text, so that a change is seen in review. */
export function dashboardOf(plan: DashboardPlan): Dashboard {
  const builder = new DashboardBuilder(plan.title)
    .uid(`scalpstorm-${plan.uid}`)
    .description(plan.description)
    .tags(['scalpstorm'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .timezone('browser')
    .time({ from: 'now-1h', to: 'now' })
    .refresh('10s')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'));
  for (const choice of plan.choices) builder.withVariable(variableOf(choice));
  for (const section of plan.sections) {
    builder.withRow(new RowBuilder(section.title));
    for (const panel of section.panels) builder.withPanel(panel.stat ? statOf(panel) : graphOf(panel));
  }
  return builder.build();
}

function variableOf({ name, metric }: Choice): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(name)
    .datasource(datasource)
    .query(`label_values(${metric}, ${name})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: 'All', value: '$__all' });
}

function targetsOf({ queries, stat }: Panel): DataqueryBuilder[] {
  return queries.map(({ expr, legend }, index) => {
    const target = new DataqueryBuilder()
      .refId(refIds[index] ?? `Q${index}`)
      .datasource(datasource)
      .expr(expr)
      .legendFormat(legend);
    return stat ? target.instant() : target.range();
  });
}

function graphOf(panel: Panel): TimeseriesBuilder {
  return new TimeseriesBuilder()
    .title(panel.title)
    .description(panel.description)
    .datasource(datasource)
    .unit(panel.unit)
    .targets(targetsOf(panel))
    .height(graphHeight)
    .span(graphWidth)
    .lineWidth(1)
    .fillOpacity(8)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
}

function statOf(panel: Panel): StatBuilder {
  const { warnFrom, badFrom, badBelow } = panel.stat ?? {};
  const steps: { value: number | null; color: string }[] =
    badBelow === undefined ? [{ value: null, color: 'green' }] : [{ value: null, color: 'red' }];
  if (badBelow !== undefined) steps.push({ value: badBelow, color: 'green' });
  if (warnFrom !== undefined) steps.push({ value: warnFrom, color: 'orange' });
  if (badFrom !== undefined) steps.push({ value: badFrom, color: 'red' });
  return new StatBuilder()
    .title(panel.title)
    .description(panel.description)
    .datasource(datasource)
    .unit(panel.unit)
    .targets(targetsOf(panel))
    .height(statHeight)
    .span(statWidth)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps));
}

/** `histogram_quantile` of the rate of a histogram, by the labels. */
export function quantile(share: number, histogram: string, by: readonly string[] = [], matchers = ''): string {
  const grouped = ['le', ...by].join(', ');
  return `histogram_quantile(${share}, sum by (${grouped}) (rate(${histogram}_bucket${matchers}[$__rate_interval])))`;
}

/** The sum of the rates of a counter, by the labels. */
export function rateOf(counter: string, by: readonly string[] = [], matchers = ''): string {
  const grouped = by.length === 0 ? 'sum' : `sum by (${by.join(', ')})`;
  return `${grouped} (rate(${counter}${matchers}[$__rate_interval]))`;
}
