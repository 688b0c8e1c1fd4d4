import type { Role } from '../src/domain/principal.js';
import { type Belongings, demoAccount, type OperationId, routeOf, settle } from './api-calls.js';
import { GatewayRig, type Member } from './gateway-rig.js';

type Servers = Parameters<typeof GatewayRig.start>[0];

/** Operations on one object: whoever does not own it is told that it does not exist. */
export const ofOneObject: readonly OperationId[] = [
  ...(['getBot', 'editBot', 'deleteBot', 'commandBot', 'closePosition'] as const),
  ...(['listBotCycles', 'listBotJournal', 'listBotOrders', 'listBotFills', 'getOrder', 'cancelOrder'] as const),
  ...(['getVenueAccount', 'editVenueAccount', 'rotateVenueAccount', 'commandVenueAccount'] as const),
  ...(['removeVenueAccount', 'revokeApiKey', 'endSession', 'unlinkTelegram', 'retryNotification'] as const),
  'setRiskState',
  'setRiskLimits',
  'decideExternalOrder',
  'getOrderPlan',
  'cancelOrderPlan',
  ...(['getBacktest', 'cancelBacktest', 'listBacktestEquity', 'listBacktestTrades'] as const),
  ...(['getCertificate', 'cancelCertificate', 'getOptimisation', 'cancelOptimisation'] as const),
];
/** People of role risk or admin do it for anybody, and the audit tells them what everybody did. */
const forAnybody: readonly OperationId[] = ['setRiskState', 'setRiskLimits', 'listAuditRecords'];
/** After these the object is gone, so each who may gets one of their own. */
export const destructive: readonly OperationId[] = ['deleteBot', 'removeVenueAccount', 'revokeApiKey', 'endSession'];

export interface Actor {
  readonly name: string;
  readonly token: string | undefined;
  /** Null: nobody. */
  readonly role: Role | null;
  /** Null: a person. */
  readonly scopes: readonly string[] | null;
  readonly owns: boolean;
}

const may = {
  viewer: ['viewer', 'trader', 'risk', 'admin'],
  trader: ['trader', 'admin'],
  brake: ['trader', 'risk', 'admin'],
  limits: ['trader', 'risk', 'admin'],
  risk: ['risk', 'admin'],
  admin: ['admin'],
};

/** Whoever does what he names for somebody else is told what he has named. */
export const actsForAnybody = ({ role, scopes }: Actor, id: OperationId): boolean =>
  forAnybody.includes(id) && scopes === null && role !== null && may.risk.includes(role);

/** The rule in words of its own: 401 for nobody, 403 for too little, 404 for what is another's, else it passes. */
export function expected(actor: Actor, id: OperationId): 401 | 403 | 404 | 'pass' {
  const { access, personOnly } = routeOf(id);
  if (access === 'public') return 'pass';
  if (actor.role === null) return 401;
  if (!may[access].includes(actor.role)) return 403;
  if (actor.scopes !== null) {
    if (personOnly || access === 'admin' || access === 'risk') return 403;
    if (!actor.scopes.includes(access === 'viewer' ? 'read' : 'trade')) return 403;
  }
  if (actsForAnybody(actor, id)) return 'pass';
  return ofOneObject.includes(id) && !actor.owns ? 404 : 'pass';
}

export interface Cast {
  readonly rig: GatewayRig;
  readonly owner: Member;
  readonly mine: Belongings;
  readonly actors: readonly Actor[];
  /** What nobody but the owner may ever be shown. */
  readonly marks: readonly string[];
  keyOf(token: string, scopes: readonly string[], more?: object): Promise<{ id: string; key: string }>;
}

/** A gateway with everybody who could come to it. */
export async function castOf(servers: Servers, changes: Readonly<Record<string, string>> = {}): Promise<Cast> {
  const roomy = { REQUESTS_PER_SECOND_PER_USER: '10000', REQUESTS_PER_SECOND_PER_ADDRESS: '10000' };
  const rig = await GatewayRig.start(servers, { ...roomy, ...changes });
  const keyOf: Cast['keyOf'] = async (token, scopes, more = {}) => {
    const made = await rig.ask('POST', '/v1/api-keys', { token, body: { label: 'key', scopes, ...more } });
    if (made.status !== 201) throw new Error(`no key was made: ${JSON.stringify(made.body)}`);
    return made.body;
  };
  const admin = await rig.setUp('admin@example.com');
  const owner = await rig.addUser(admin.token, 'owner@example.com');
  await rig.sql(`insert into account_owners values ('${demoAccount}', '${owner.userId}')`);
  const mine = await settle(rig, owner);
  const stranger = await rig.addUser(admin.token, 'stranger@example.com');
  const viewer = await rig.addUser(admin.token, 'viewer@example.com', 'viewer');
  const risk = await rig.addUser(admin.token, 'risk@example.com', 'risk');
  const risksKey = (await keyOf(risk.token, ['read'])).key;
  const revoked = await keyOf(owner.token, ['read', 'trade']);
  await rig.ask('DELETE', `/v1/api-keys/${revoked.id}`, { token: owner.token });
  const expired = await keyOf(owner.token, ['read', 'trade'], { expiresAt: '2199-01-01T00:00:00Z' });
  await rig.sql(`update api_keys set expires_at = 1 where id = '${expired.id}'`);
  const nobody = { role: null, scopes: null, owns: false } as const;
  const person = { scopes: null, owns: false } as const;
  const ownersKey = async (name: string, ...scopes: readonly string[]): Promise<Actor> => {
    const { key } = await keyOf(owner.token, scopes);
    return { name, token: key, role: 'trader', scopes, owns: true };
  };
  const strangersKey = (await keyOf(stranger.token, ['read', 'trade'])).key;
  const actors: readonly Actor[] = [
    { name: 'nobody', token: undefined, ...nobody },
    { name: 'a revoked key', token: revoked.key, ...nobody },
    { name: 'an expired key', token: expired.key, ...nobody },
    { name: 'a key that never was', token: `scs_${'A'.repeat(43)}`, ...nobody },
    { name: 'a viewer who is a stranger', token: viewer.token, role: 'viewer', ...person },
    { name: 'a trader who is a stranger', token: stranger.token, role: 'trader', ...person },
    { name: 'somebody of role risk', token: risk.token, role: 'risk', ...person },
    { name: 'a key of somebody of role risk', token: risksKey, role: 'risk', scopes: ['read'], owns: false },
    { name: 'an administrator who is a stranger', token: admin.token, role: 'admin', ...person },
    { name: 'a stranger’s key', token: strangersKey, role: 'trader', scopes: ['read', 'trade'], owns: false },
    await ownersKey('the owner’s key to read', 'read'),
    await ownersKey('the owner’s key to trade, but not to read', 'trade'),
    await ownersKey('the owner’s key to read and trade', 'read', 'trade'),
    { name: 'the owner', token: owner.token, role: 'trader', scopes: null, owns: true },
  ];
  const marks = [mine.bot, mine.order, mine.venueAccount, mine.apiKey, '"account":"demo"'];
  return { rig, owner, mine, actors, marks, keyOf };
}
