import type { Anomaly, AnomalyLimits, OrderRate } from './anomaly.js';

const hoursOfWeek = 7 * 24;
const words = {
  'by-hand': {
    rule: 'orders-by-hand-above-usual',
    what: 'orders by hand',
    next: 'If that was not you, halt your trading and end your sessions.',
  },
  denied: {
    rule: 'denials-above-usual',
    what: 'orders were denied',
    next: 'See which bot or program asks for what the risk gate denies, and stop it.',
  },
} as const;

/** Far more than the user's own rate of the week before, and more than a number below which nobody wants to hear of it. */
export function orderAnomalies(rates: readonly OrderRate[], limits: AnomalyLimits): readonly Anomaly[] {
  return rates.flatMap(({ userId, of, lastHour, weekBefore }) => {
    const least = of === 'by-hand' ? limits.ordersByHandPerHour : limits.denialsPerHour;
    // In whole numbers: lastHour < timesUsual × weekBefore / 168.
    if (lastHour < least || lastHour * hoursOfWeek < limits.timesUsual * weekBefore) return [];
    const { rule, what, next } = words[of];
    return [
      {
        rule,
        subject: userId,
        detail: '',
        userId,
        text: `${lastHour} ${what} in the last hour, and ${weekBefore} in the seven days before. ${next}`,
        evidence: { lastHour, weekBefore },
      },
    ];
  });
}
