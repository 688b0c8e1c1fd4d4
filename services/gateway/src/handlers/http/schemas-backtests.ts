import { jobPriorities, jobStates } from '@scalpstorm/contracts';
import { timeframes } from '@scalpstorm/model';
import { z } from 'zod';
import type { NewBacktest } from '../../domain/backtest.js';
import { jsonObject, moment, type PageQuery, page, time } from './schemas.js';
import { instrumentText } from './schemas-platform.js';

const equityPointsMax = 5_000;
const sizeKinds = ['all-in', 'fraction', 'quantity', 'cash'] as const;
const slippageKinds = ['none', 'fixed', 'volatility', 'square-root'] as const;
const paths = ['stop-first', 'take-profit-first'] as const;

const bps = z.number().min(0).max(1_000);
const positive = z.number().positive().max(1e15);

/** What each number may be says research, which reads it; here is said what is a number. */
export const newBacktestBody: z.ZodType<NewBacktest> = z
  .strictObject({
    name: z.string().trim().max(60).default(''),
    priority: z.enum(jobPriorities).default('normal'),
    strategy: z.string().min(1).max(60),
    parameters: jsonObject.default({}),
    instrument: instrumentText,
    timeframe: z.enum(timeframes),
    from: moment,
    to: moment,
    cash: positive.default(10_000),
    size: z.strictObject({ kind: z.enum(sizeKinds), value: positive.optional() }).default({ kind: 'all-in' }),
    feeBps: bps.default(10),
    makerFeeBps: bps.optional(),
    spreadBps: bps.default(0),
    slippage: z
      .strictObject({ kind: z.enum(slippageKinds), value: z.number().min(0).max(1_000).optional() })
      .default({ kind: 'none' }),
    liquidityShare: z.number().positive().max(1).optional(),
    path: z.enum(paths).default('stop-first'),
    fast: z.boolean().default(false),
  })
  .transform(({ name, priority, makerFeeBps, liquidityShare, size, slippage, from, to, ...spec }): NewBacktest => {
    const times = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    const given = { ...spec, ...times, size: { ...size, value: size.value ?? null } };
    const whole = { ...given, slippage: { ...slippage, value: slippage.value ?? null } };
    return {
      name,
      priority,
      spec: { ...whole, makerFeeBps: makerFeeBps ?? spec.feeBps, liquidityShare: liquidityShare ?? null },
    };
  });

export const jobParams: z.ZodType<{ readonly job: string }> = z.object({
  job: z.string().regex(/^job_[0-9a-z]{12}$/, { error: 'not the id of a backtest' }),
});

export const backtestQuery: z.ZodType<PageQuery & { readonly status?: 'open' | 'final' | undefined }> = page.extend({
  status: z.enum(['open', 'final']).optional(),
});

export const equityQuery: z.ZodType<PageQuery> = page.extend({
  limit: z.coerce.number().int().min(1).max(equityPointsMax).default(1_000),
});

const assumption = z.object({ kind: z.string(), value: z.number().nullable() });

/** A backtest as it is shown. */
export const backtestRow = z.object({
  id: z.string(),
  name: z.string(),
  priority: z.enum(jobPriorities),
  strategy: z.string(),
  parameters: jsonObject,
  instrument: z.string(),
  timeframe: z.string(),
  from: time,
  to: time,
  cash: z.number(),
  size: assumption,
  feeBps: z.number(),
  makerFeeBps: z.number(),
  spreadBps: z.number(),
  slippage: assumption,
  liquidityShare: z.number().nullable(),
  path: z.string(),
  fast: z.boolean(),
  state: z.enum(jobStates),
  final: z.boolean(),
  canceling: z.boolean(),
  progress: z.number(),
  attempts: z.number().int(),
  fault: z.object({ code: z.string(), text: z.string(), next: z.string() }).nullable(),
  summary: jsonObject.nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
});

export const equityRow = z.object({ at: time, equity: z.number(), low: z.number() });

export const backtestTradeRow = z.object({
  openedAt: time,
  closedAt: time,
  quantity: z.number(),
  entryPrice: z.number(),
  exitPrice: z.number(),
  fees: z.number(),
  net: z.number(),
  netPct: z.number(),
  exitReason: z.string(),
  entryTag: z.string(),
  exitTag: z.string(),
});
