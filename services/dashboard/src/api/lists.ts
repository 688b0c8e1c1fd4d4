import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { mayAct, type Right } from '../domain/roles.js';
import type {
  AccountList,
  AccountStateList,
  ApiKeyList,
  Bot,
  HaltProof,
  InstrumentList,
  NotificationProfile,
  OrderDetail,
  OrderPlan,
  Reconciliation,
  RiskLimitList,
  RiskState,
  SessionList,
  StrategyList,
  User,
  VenueAccount,
  VenueOfferList,
  Version,
} from '../generated/api.js';
import { ask } from './session.js';

const get =
  <Reply>(path: string) =>
  () =>
    ask<Reply>({ method: 'GET', path });

export const useReconciliation = () =>
  useQuery({ queryKey: ['reconciliation', 'last'], queryFn: get<Reconciliation>('/v1/reconciliation'), staleTime: 0 });
export const useAccountStates = () =>
  useQuery({
    queryKey: ['reconciliation', 'accounts'],
    queryFn: get<AccountStateList>('/v1/reconciliation/accounts'),
    refetchInterval: 10_000,
  });
/** After a comparison or a decision: what accounts may do, and every list of what was found, is read anew. */
export function useForgetReconciliation(): () => Promise<void> {
  const cache = useQueryClient();
  return async () => {
    await cache.invalidateQueries({ queryKey: ['reconciliation', 'accounts'] });
    await cache.invalidateQueries({ queryKey: ['pages', '/v1/reconciliation/differences'] });
    await cache.invalidateQueries({ queryKey: ['pages', '/v1/reconciliation/external-orders'] });
  };
}
export const useMe = () => useQuery({ queryKey: ['me'], queryFn: get<User>('/v1/me'), staleTime: Infinity });
/** Asked anew by whoever opens the page: a session may have been opened elsewhere since. */
export const useSessions = () =>
  useQuery({ queryKey: ['sessions'], queryFn: get<SessionList>('/v1/sessions'), staleTime: 0 });
export const useStrategies = () =>
  useQuery({ queryKey: ['strategies'], queryFn: get<StrategyList>('/v1/strategies'), staleTime: 300_000 });
export const useInstruments = () =>
  useQuery({ queryKey: ['instruments'], queryFn: get<InstrumentList>('/v1/instruments'), staleTime: 60_000 });
/** At the fees that the account pays; it is an error where nobody knows them. */
export const useInstrumentOfAccount = (instrument: string | undefined, account: string | undefined) =>
  useQuery({
    queryKey: ['instruments', instrument, account],
    queryFn: get<InstrumentList>(
      `/v1/instruments?${new URLSearchParams({ instrument: instrument ?? '', account: account ?? '' })}`,
    ),
    enabled: instrument !== undefined && account !== undefined,
    staleTime: 300_000,
    retry: false,
  });
export const useAccounts = () =>
  useQuery({ queryKey: ['accounts'], queryFn: get<AccountList>('/v1/accounts'), staleTime: 60_000 });
export const useVenueAccounts = () =>
  useQuery({ queryKey: ['venue-accounts'], queryFn: get<Listing<VenueAccount>>('/v1/venue-accounts') });
export const useVenueOffers = () =>
  useQuery({ queryKey: ['venue-offers'], queryFn: get<VenueOfferList>('/v1/venue-offers'), staleTime: 300_000 });
export const useApiKeys = () =>
  useQuery({ queryKey: ['api-keys'], queryFn: get<ApiKeyList>('/v1/api-keys?limit=100') });
export const useRiskLimits = () =>
  useQuery({ queryKey: ['risk-limits'], queryFn: get<RiskLimitList>('/v1/risk/limits'), staleTime: 60_000 });
export const useNotifications = (everyMs: number | false = false) =>
  useQuery({
    queryKey: ['notifications'],
    queryFn: get<NotificationProfile>('/v1/notifications'),
    staleTime: 0,
    refetchInterval: everyMs,
  });
/** `since` is of the newest change that the stream told: with another one the question is asked anew. */
export const useRiskState = (since: string) =>
  useQuery({ queryKey: ['risk-state', since], queryFn: get<RiskState>('/v1/risk/state') });
/** Venues, accounts and bots have no channel of their own; `since` as in {@link useRiskState}. */
export const useHeldBack = (since: string) =>
  useQuery({
    queryKey: ['risk-state', 'held-back', since],
    queryFn: get<RiskState>('/v1/risk/state'),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
/** Each asks the venues, so it is asked again only until it is proven. */
export const useHaltProof = (scope: string) =>
  useQuery({
    queryKey: ['halt-proof', scope],
    queryFn: get<HaltProof>(`/v1/halt/proof?${new URLSearchParams({ scope })}`),
    staleTime: 0,
    gcTime: 0,
    refetchInterval: ({ state }) => (state.data?.flat === true ? false : 3_000),
  });
/** After anything was halted or released: who shows what holds asks anew. */
export function useForgetRiskState(): () => Promise<void> {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: ['risk-state'] });
}
export const useVersion = () =>
  useQuery({ queryKey: ['version'], queryFn: get<Version>('/v1/version'), staleTime: Infinity });
/** For an address that somebody opened: the stream knows living bots only up to a number. */
export const useBot = (botId: string) =>
  useQuery({ queryKey: ['bot', botId], queryFn: get<Bot>(`/v1/bots/${encodeURIComponent(botId)}`) });

/** `version` as the stream told it: with another one the question is asked anew. */
export const useOrder = (clientOrderId: string, version: number) =>
  useQuery({
    queryKey: ['order', clientOrderId, version],
    queryFn: get<OrderDetail>(`/v1/orders/${encodeURIComponent(clientOrderId)}`),
    placeholderData: keepPreviousData,
  });

/** Asked again until it is over: no stream tells of plans. */
export const useOrderPlan = (id: string) =>
  useQuery({
    queryKey: ['order-plan', id],
    queryFn: get<OrderPlan>(`/v1/order-plans/${encodeURIComponent(id)}`),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.final === true ? false : 2_000),
  });
/** After a plan was made or canceled. */
export function useForgetPlans(): () => Promise<void> {
  const cache = useQueryClient();
  return async () => {
    await cache.invalidateQueries({ queryKey: ['order-plan'] });
    await cache.invalidateQueries({ queryKey: ['pages', '/v1/order-plans'] });
  };
}

/** As it is now: what a form begins with must not be older than its opening. */
export const useBotToEdit = (botId: string) =>
  useQuery({
    queryKey: ['bot-to-edit', botId],
    queryFn: get<Bot>(`/v1/bots/${encodeURIComponent(botId)}`),
    staleTime: Infinity,
    gcTime: 0,
  });

export interface Listing<Row> {
  readonly data: readonly Row[];
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
}

/** A list page by page, newest first; `filter` holds what the gateway filters by, `everyMs` is for what no stream tells of. */
export function usePages<Row>(
  path: string,
  filter: Readonly<Record<string, string | undefined>>,
  everyMs: number | false = false,
) {
  const given = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return useInfiniteQuery({
    queryKey: ['pages', path, given],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams([
        ...given,
        ...(pageParam === null ? [] : [['after', pageParam] as [string, string]]),
      ]);
      return ask<Listing<Row>>({ method: 'GET', path: `${path}?${query}` });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // What is new comes over the stream; these pages are what was before.
    staleTime: Infinity,
    gcTime: 0,
    refetchInterval: everyMs,
  });
}

/** Whether one may do what needs a right. Until the role is known, what most may do is offered; the gateway has the last word. */
export function useMay(needed: Right): boolean {
  const role = useMe().data?.role;
  return role === undefined ? needed === 'trader' || needed === 'brake' : mayAct(role, needed);
}
