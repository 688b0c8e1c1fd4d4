// What was measured, in the form of every bench. `ratio` is value / floor.
import { quantile, samplesToFigures } from '../figures.mjs';

const tidy = (value) => Number(value.toPrecision(4));
const sum = (values) => values.reduce((total, value) => total + value, 0);
const mean = (values) => sum(values) / values.length;

function figure({ name, unit, values, floor, floorName, rounds = values.length }) {
  const value = quantile(values, 0.5);
  return {
    name: `bots-${name}`,
    unit,
    value: tidy(value),
    spread: [Math.min(...values), Math.max(...values)].map(tidy),
    floor: { name: floorName, value: tidy(floor) },
    ratio: tidy(value / floor),
    rounds,
  };
}

export function figuresOf({ bots, markets, empty, few, many, books }) {
  const before = `the same processes with ${few.count} bots`;
  const of = (phase, field) => phase.windows.map((window) => window[field]);
  const strategyCpu = (phase) => phase.windows.map(({ cpu }) => cpu.strategy);
  const once = (name, unit, [value, floor, floorName]) => figure({ name, unit, values: [value], floor, floorName });
  const chat = 'as many questions to strategy that read nothing';
  return [
    { ...once('create', 's', [many.created.seconds, many.chatSeconds, chat]), ...costOf(many.created) },
    { ...once('start', 's', [many.started.seconds, many.chatSeconds, chat]), ...costOf(many.started) },
    once('memory', 'MiB', [many.mebibytes, empty, 'the process without bots']),
    once('memory-each', 'KiB', [((many.mebibytes - empty) * 1_024) / many.count, many.rowKibibytes, 'its stored row']),
    {
      ...figure({
        name: 'strategy-cpu',
        unit: '% of a core',
        values: strategyCpu(many),
        floor: mean(strategyCpu(few)),
        floorName: before,
      }),
      ticksPerSecond: tidy(mean(of(many, 'ticks'))),
      botsAMarket: tidy(bots / markets),
      processes: meanCpu(many.windows),
    },
    ...samplesToFigures({
      name: 'bots-tick-to-decision',
      unit: 'ms',
      samples: of(many, 'decisionMs').flat(),
      floor: of(few, 'decisionMs').flat(),
      floorName: before,
    }),
    {
      ...figure({
        name: 'orders',
        unit: 'orders/s',
        values: of(many, 'orders'),
        floor: (mean(of(few, 'orders')) * many.count) / few.count,
        floorName: `${before}, times ${tidy(many.count / few.count)}`,
      }),
      fillsPerSecond: tidy(mean(of(many, 'fills'))),
    },
    {
      ...once('fills-reconciled', '%', [(100 * books.fills.told) / books.fills.had, 100, 'the fills of the venue']),
      rounds: books.fills.had,
      accountsEqualToVenue: books.accounts,
      openOrders: books.open,
      cycles: books.cycles,
    },
    once('restart-to-order', 's', [
      many.restart.seconds,
      few.restart.readySeconds,
      `ready again with ${few.count} bots`,
    ]),
    once('stop', 's', [books.stopSeconds, many.chatSeconds, chat]),
  ];
}

/** For each bot: what was counted, and the milliseconds of CPU by process. */
const costOf = ({ perBot, cpuMs }) => ({ perBot, cpuMsPerBot: cpuMs });

function meanCpu(windows) {
  const names = Object.keys(windows[0].cpu);
  return Object.fromEntries(names.map((name) => [name, tidy(mean(windows.map(({ cpu }) => cpu[name])))]));
}
