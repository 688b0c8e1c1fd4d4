/** A refusal with Binance's own number and words: clients recognise both, so neither may be improved. */
export interface VenueError {
  readonly kind: 'refused';
  readonly status: number;
  readonly code: number;
  readonly msg: string;
  /** What a composite request did all the same. */
  readonly data?: object;
}

const refused = (status: number, code: number, msg: string): VenueError => ({ kind: 'refused', status, code, msg });

export const venueErrors = {
  unknownEndpoint: (what: string) => refused(404, -1000, `No such endpoint: ${what}`),
  tooManyParameters: (max: number) =>
    refused(413, -1101, `Too many parameters; the request body may hold ${max} bytes.`),
  illegalCharacters: (parameter: string, range: string) =>
    refused(400, -1100, `Illegal characters found in parameter '${parameter}'; legal range is '${range}'.`),
  missing: (parameter: string) =>
    refused(400, -1102, `Mandatory parameter '${parameter}' was not sent, was empty/null, or malformed.`),
  missingEither: (left: string, right: string) =>
    refused(400, -1102, `Param '${left}' or '${right}' must be sent, but both were empty/null!`),
  notRequired: (parameter: string) => refused(400, -1106, `Parameter '${parameter}' sent when not required.`),
  tooPrecise: (parameter: string) => refused(400, -1111, `Parameter '${parameter}' has too much precision.`),
  invalidTimeInForce: () => refused(400, -1115, 'Invalid timeInForce.'),
  invalidType: () => refused(400, -1116, 'Invalid orderType.'),
  invalidSide: () => refused(400, -1117, 'Invalid side.'),
  invalidInterval: () => refused(400, -1120, 'Invalid interval.'),
  invalidSymbol: () => refused(400, -1121, 'Invalid symbol.'),
  invalidResponseType: () => refused(400, -1136, 'Invalid newOrderRespType.'),
  invalidCancelRestrictions: () => refused(400, -1145, 'Invalid cancelRestrictions.'),
  invalidRecvWindow: () => refused(400, -1131, 'recvWindow must be less than 60000.'),
  outsideRecvWindow: () => refused(400, -1021, 'Timestamp for this request is outside of the recvWindow.'),
  aheadOfServer: () => refused(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  badSignature: () => refused(400, -1022, 'Signature for this request is not valid.'),
  badKeyFormat: () => refused(401, -2014, 'API-key format invalid.'),
  unknownKey: () => refused(401, -2015, 'Invalid API-key, IP, or permissions for action.'),
  filter: (name: OrderFilterName) => refused(400, -1013, `Filter failure: ${name}`),
  /** What depends on what the account has is refused by the matching engine, under its own number. */
  accountFilter: (name: AccountFilterName) => refused(400, -2010, `Filter failure: ${name}`),
  noIcebergs: () => refused(400, -2010, 'Iceberg orders are not supported for this symbol.'),
  insufficientBalance: () => refused(400, -2010, 'Account has insufficient balance for requested action.'),
  duplicateOrder: () => refused(400, -2010, 'Duplicate order sent.'),
  wouldTake: () => refused(400, -2010, 'Order would immediately match and take.'),
  wouldTrigger: () => refused(400, -2010, 'Stop price would trigger immediately.'),
  restrictedCancel: () => refused(400, -2011, 'Order was not canceled due to cancel restrictions.'),
  replaceFailed: (data: object) => ({ ...refused(400, -2022, 'Order cancel-replace failed.'), data }),
  replaceFailedPartly: (data: object) => ({ ...refused(409, -2021, 'Order cancel-replace partially failed.'), data }),
  unknownOrder: () => refused(400, -2011, 'Unknown order sent.'),
  noSuchOrder: () => refused(400, -2013, 'Order does not exist.'),
} as const;

export type OrderFilterName =
  | 'PRICE_FILTER'
  | 'PERCENT_PRICE_BY_SIDE'
  | 'LOT_SIZE'
  | 'MARKET_LOT_SIZE'
  | 'NOTIONAL'
  | 'TRAILING_DELTA';
export type AccountFilterName = 'MAX_NUM_ORDERS' | 'MAX_NUM_ALGO_ORDERS' | 'MAX_POSITION';

/** As the wire shows a refusal. */
export const errorBody = ({ code, msg, data }: VenueError) =>
  data === undefined ? { code, msg } : { code, msg, data };

export const isRefused = (value: object): value is VenueError => 'kind' in value && value.kind === 'refused';
