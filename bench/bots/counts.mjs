// What a phase cost, counted: transactions, statements, messages and questions of the services, which no neighbour on the machine
// changes as he changes times.

const counted = {
  /** Durable ones, and those of the outbox relay, which wait for no disk. */
  transactions: /^scalpstorm_store_transaction_seconds_count\{[^}]*\} (\S+)/gm,
  queries: /^scalpstorm_store_query_seconds_count\{[^}]*\} (\S+)/gm,
  sent: /^scalpstorm_bus_published_total\{[^}]*\} (\S+)/gm,
  heard: /^scalpstorm_bus_handled_total\{[^}]*\} (\S+)/gm,
  asked: /^scalpstorm_bus_asked_total\{[^}]*\} (\S+)/gm,
};

/** Sums of the counters of one page of metrics. */
export function countsOf(page) {
  const sumOf = (pattern) => [...page.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
  return Object.fromEntries(Object.entries(counted).map(([what, pattern]) => [what, sumOf(pattern)]));
}

/** What was counted between two looks, for each of so many bots. */
export function countsBetween(before, after, bots) {
  const perBot = (now, then) => Number(((now - then) / bots).toPrecision(3));
  const ofService = ([service, counts]) => [
    service,
    Object.fromEntries(Object.entries(counts).map(([what, count]) => [what, perBot(count, before[service][what])])),
  ];
  return Object.fromEntries(Object.entries(after).map(ofService));
}

/** As `strategy 0.2 transactions 1 queries; …`, without what did not happen. */
export function countsText(perBot) {
  const textOf = ([service, counts]) => {
    const some = Object.entries(counts).filter(([, count]) => count > 0);
    return `${service} ${some.map(([what, count]) => `${count} ${what}`).join(' ') || 'nothing'}`;
  };
  return Object.entries(perBot).map(textOf).join('; ');
}
