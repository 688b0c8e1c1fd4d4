import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from './api-client.js';

const position = z.looseObject({
  account: z.string(),
  instrument: z.string(),
  quantity: z.string(),
  bot: z.string().nullable(),
  plan: z.string().nullable(),
  reason: z.string(),
  nextStep: z.string(),
});

/** Is anything open after a halt? */
const proofReply = z.looseObject({
  scope: z.string(),
  flat: z.boolean().nullable(),
  checkedAt: z.string(),
  halted: z.boolean(),
  openOrders: z.number(),
  orders: z.array(
    z.looseObject({
      ...{ account: z.string(), instrument: z.string(), clientOrderId: z.string() },
      ...{ side: z.string(), quantity: z.string(), ours: z.boolean(), reason: z.string(), nextStep: z.string() },
    }),
  ),
  positions: z.array(position),
  dust: z.array(position),
  unproven: z.array(z.looseObject({ account: z.string(), reason: z.string(), nextStep: z.string() })),
});
export type Proof = z.infer<typeof proofReply>;

export interface Awaited {
  readonly seconds: number;
  /** False: positions may stay. */
  readonly positionsToo: boolean;
}

/** The venues are asked each time. */
const everyMs = 2_000;

export const readProof = async (api: Pick<ApiClient, 'get'>, scope: string): Promise<Proof> =>
  proofReply.parse(await api.get(`/v1/halt/proof?scope=${encodeURIComponent(scope)}`));

/** Asks until it is proved, or until the time is over. */
export async function awaitProof(
  api: Pick<ApiClient, 'get'>,
  scope: string,
  wanted: Awaited,
): Promise<{ readonly proof: Proof; readonly proved: boolean }> {
  const until = performance.now() + wanted.seconds * 1_000;
  for (;;) {
    const proof = await readProof(api, scope);
    const proved = isProved(proof, wanted);
    if (proved || performance.now() + everyMs > until) return { proof, proved };
    await delay(everyMs);
  }
}

/** Without a halt that is heard, what is flat now may not be so in a moment. */
export function isProved(proof: Proof, { positionsToo }: Awaited): boolean {
  if (!proof.halted || proof.unproven.length > 0 || proof.openOrders > 0) return false;
  return !positionsToo || proof.flat === true;
}

/** For people; whoever reads the first line only must not be misled. */
export function proofLines(proof: Proof): readonly string[] {
  const { flat, halted, openOrders, orders, positions, dust, unproven, checkedAt } = proof;
  const verdict = flat === null ? 'NOT PROVED' : flat ? 'flat' : 'NOT FLAT';
  const held = halted ? '' : '; opening orders are NOT held back, so it may change at once';
  return [
    `${verdict} at ${checkedAt}: ${openOrders} open orders, ${positions.length} positions, ${unproven.length} accounts unproven${held}`,
    ...orders.map(
      ({ account, instrument, side, quantity, clientOrderId, reason, nextStep }) =>
        `  order: ${account} ${instrument} ${side} ${quantity} ${clientOrderId}: ${reason}. ${nextStep}`,
    ),
    ...positions.map((row) => `  position: ${heldText(row)}`),
    ...dust.map((row) => `  counts as flat: ${heldText(row)}`),
    ...unproven.map(({ account, reason, nextStep }) => `  unproven: ${account}: ${reason}. ${nextStep}`),
  ];
}

function heldText({ account, instrument, quantity, bot, plan, reason, nextStep }: Proof['positions'][number]): string {
  const whose = bot ?? plan;
  const of = whose === null ? 'by hand' : `of ${whose}`;
  return `${account} ${instrument} ${quantity} ${of}: ${reason}. ${nextStep}`;
}
