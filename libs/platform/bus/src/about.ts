import type { Attributes, LogContext } from '@scalpstorm/observability';

/** What a message is about, by the ids that people look for. */
export interface About {
  readonly eventId?: string;
  readonly botId?: string;
  readonly clientOrderId?: string;
  readonly accountId?: string;
  readonly instrumentId?: string;
  /** What happened, where a message tells of several things that can. */
  readonly happened?: string;
}

type Ids = { readonly [Name in keyof About]?: string | null };

/** The places in which events and questions have their ids; each has some of them. */
interface Told extends Ids {
  readonly meta?: { readonly eventId?: string };
  /** A request, or an order with its request. */
  readonly order?: Ids & { readonly request?: Ids };
  readonly bot?: { readonly id?: string; readonly config?: Ids };
  readonly cycle?: Ids;
  readonly activity?: Ids;
  readonly event?: { readonly kind?: string };
}

/** The ids that an event or a question tells. */
export function aboutOf(message: unknown): About {
  if (typeof message !== 'object' || message === null) return {};
  const told: Told = message;
  const { order, bot } = told;
  const from: readonly (Ids | undefined)[] = [order?.request ?? order, bot?.config, told.cycle, told.activity, told];
  const first = (name: keyof About): string | null | undefined => {
    for (const ids of from) {
      const value = ids?.[name];
      if (typeof value === 'string' && value !== '') return value;
    }
    return undefined;
  };
  return withoutGaps({
    eventId: told.meta?.eventId,
    botId: bot?.id ?? first('botId'),
    clientOrderId: first('clientOrderId'),
    accountId: first('accountId'),
    instrumentId: first('instrumentId'),
    happened: told.event?.kind,
  });
}

/** On log lines: the ids by which somebody looks for them. */
export function logFieldsOf({ instrumentId: _, happened: __, ...fields }: About): LogContext {
  return fields;
}

const attributeNames: Readonly<Record<keyof About, string>> = {
  eventId: 'event.id',
  botId: 'bot.id',
  clientOrderId: 'order.client_order_id',
  accountId: 'account.id',
  instrumentId: 'instrument.id',
  happened: 'event.kind',
};

export function attributesOf(about: About): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(about)) attributes[attributeNames[name as keyof About]] = value;
  return attributes;
}

function withoutGaps(ids: { readonly [Name in keyof About]: string | null | undefined }): About {
  const found: { -readonly [Name in keyof About]: string } = {};
  for (const [name, value] of Object.entries(ids)) if (typeof value === 'string') found[name as keyof About] = value;
  return found;
}
