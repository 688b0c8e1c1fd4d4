/**
 * What must stay in order has one key: the account, the bot, the speaker, or venue and symbol, read from the subject. An event
 * that concerns the whole platform has its subject, so that it stays in order too.
 * @param template e.g. `order.changed.v1.{account}`
 */
export function orderingKey(template: string, subject: string): string {
  const tokens = subject.split('.');
  const named = template.split('.').flatMap((part, index) => {
    const name = /^\{([a-z]+)\}$/.exec(part)?.[1];
    return name === undefined || name === 'timeframe' ? [] : [tokens[index] ?? ''];
  });
  return named.length === 0 ? subject : named.join(':');
}
