// The types of the API as the dashboard sees it, made from the gateway's own table of routes:
// `node tools/dashboard/api-types.mjs` writes them, the spec beside this file compares them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** The file that is written. */
export const typesFile = join(root, 'services/dashboard/src/generated/api.ts');

/** What the dashboard reads; other routes may change without touching it. */
const replies = {
  Session: 'logIn',
  User: 'me',
  SessionList: 'listSessions',
  UserList: 'listUsers',
  SetupState: 'setupState',
  Bot: 'getBot',
  OrderList: 'listOrders',
  OrderDetail: 'getOrder',
  OrderPlanList: 'listOrderPlans',
  OrderPlan: 'getOrderPlan',
  FillList: 'listFills',
  CycleList: 'listBotCycles',
  PositionList: 'listPositions',
  BalanceList: 'listBalances',
  AccountList: 'listAccounts',
  ActivityList: 'listActivity',
  StrategyList: 'listStrategies',
  InstrumentList: 'listInstruments',
  TradingState: 'tradingState',
  Reconciliation: 'reconcile',
  AccountStateList: 'listAccountStates',
  DifferenceList: 'listDifferences',
  ExternalOrder: 'decideExternalOrder',
  HaltReply: 'halt',
  HaltProof: 'haltProof',
  RiskLimitList: 'riskLimits',
  RiskState: 'riskState',
  VenueAccount: 'getVenueAccount',
  VenueOfferList: 'listVenueOffers',
  ApiKeyList: 'listApiKeys',
  NewApiKey: 'createApiKey',
  NotificationProfile: 'notifications',
  TelegramCode: 'linkTelegram',
  Version: 'version',
};

const isName = /^[A-Za-z_]\w*$/;
const quoted = (value) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value));

function objectType({ properties = {}, required = [], additionalProperties }, depth) {
  const names = Object.keys(properties);
  if (names.length === 0) return `{ readonly [key: string]: ${typeOf(additionalProperties ?? {}, depth)} }`;
  const indent = '  '.repeat(depth + 1);
  const lines = names.map((name) => {
    const key = isName.test(name) ? name : quoted(name);
    return `${indent}readonly ${key}${required.includes(name) ? '' : '?'}: ${typeOf(properties[name], depth + 1)};`;
  });
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}

/** @param {object} schema JSON Schema 2020-12 as zod writes it */
function typeOf(schema, depth) {
  if (schema.enum) return schema.enum.map(quoted).join(' | ');
  if (schema.const !== undefined) return quoted(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map((choice) => typeOf(choice, depth)))].join(' | ');
  if (Array.isArray(schema.type)) {
    return schema.type.map((type) => typeOf({ ...schema, type }, depth)).join(' | ');
  }
  if (schema.type === 'array') return `ReadonlyArray<${typeOf(schema.items, depth)}>`;
  if (schema.type === 'object') return objectType(schema, depth);
  if (schema.type === 'integer') return 'number';
  return ['string', 'number', 'boolean', 'null'].includes(schema.type) ? schema.type : 'unknown';
}

/**
 * @param {{routes: Record<string, {reply: unknown}>, toJsonSchema: (schema: unknown) => object}} gateway
 * @returns {string} the text of the file
 */
export function apiTypes({ routes, toJsonSchema }) {
  const types = Object.entries(replies).map(
    ([name, route]) => `export type ${name} = ${typeOf(toJsonSchema(routes[route].reply), 0)};\n`,
  );
  return `// Written by tools/dashboard/api-types.mjs from the gateway's routes; not to be edited.\n\n${types.join('\n')}`;
}

async function main() {
  const { z } = await import('zod');
  const { routes } = await import(pathToFileURL(join(root, 'services/gateway/dist/handlers/http/routes.js')).href);
  writeFileSync(typesFile, apiTypes({ routes, toJsonSchema: (schema) => jsonSchemaOf(z, schema) }));
}

/** What a reply looks like to whoever gets it. */
export const jsonSchemaOf = (z, schema) => z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
