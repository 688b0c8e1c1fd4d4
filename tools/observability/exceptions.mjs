/**
 * Selectors that no series of the check's platform can match, said one by one. Each has something in its place that must have one, so
 * that a metric or label that is renamed is still found; one that is matched after all is no exception any more, and a fault.
 */
export const exceptions = [
  {
    selector: 'scalpstorm_account_trading{owner!="operator"}',
    because:
      'the platform of the check has no account that a user brought: it has one venue account, and two would disturb each other',
    instead: 'scalpstorm_account_trading{owner="operator"}',
  },
];
