const percent = (share) => (Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : '–');
const fixed = (value, digits = 4) => (Number.isFinite(value) ? value.toFixed(digits) : '–');

function side(name, { figures, acting }) {
  return [
    `  ${name}`,
    `    AUC ${fixed(figures.auc)} (0.5: chance), base rate ${percent(figures.baseRate)}, calibration error ${percent(figures.calibrationError)}`,
    `    log-loss ${fixed(figures.logLoss)} (base rate alone ${fixed(figures.logLossBase)}), Brier ${fixed(figures.brier)} (${fixed(figures.brierBase)})`,
    `    after fees: ${acting.rows} of ${figures.rows} rows chosen, hit rate ${percent(acting.hitRate)} (all rows ${percent(acting.hitRateOfAll)}), net ${fixed(acting.netBps, 2)} bps (all rows ${fixed(acting.netBpsOfAll, 2)})`,
    `    one after the other: ${acting.trades} entries, hit rate ${percent(acting.tradesHitRate)}, net ${fixed(acting.tradesNetBps, 2)} bps each, t ${fixed(acting.tradesT, 1)}`,
  ];
}

/** What a training came to, for people. */
export function reportText(card, folder) {
  const { data, training, outOfSample, edge, label } = card;
  const { train, calibrate, test } = training.rows;
  return [
    `data       ${data.text}: ${data.events} events, ${train} rows to train, ${calibrate} to calibrate, ${test} to judge`,
    `label      ${label.targetBps} bps before -${label.stopBps} bps within ${label.horizonMs / 1000} s, entered ${label.delayMs} ms later, spread paid`,
    `fees       ${training.feesBps} bps for entry and exit`,
    'out of sample (the newest fifth, seen by neither training nor calibration):',
    ...side('up (a purchase)', outOfSample.up),
    ...side('down (a sale)', outOfSample.down),
    `edge       ${edge.text}`,
    ...(card.note === '' ? [] : [`note       ${card.note}`]),
    `written    ${folder}`,
  ].join('\n');
}
