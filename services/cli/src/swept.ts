import { z } from 'zod';

/** What a halt did beside the risk gate, and what it has left. */
export const swept = z.object({
  bots: z.array(z.looseObject({ bot: z.string(), verb: z.string(), code: z.string().nullable(), text: z.string() })),
  ordersCanceled: z.number(),
  remaining: z.looseObject({
    complete: z.boolean(),
    items: z.array(z.looseObject({ kind: z.string(), id: z.string(), text: z.string(), next: z.string() })),
  }),
});
export type Swept = z.infer<typeof swept>;

/** A halt that is only partly one must not look like a whole one. */
export function sweptLines({ bots, ordersCanceled, remaining }: Swept): readonly string[] {
  const lines = bots.map(
    ({ bot, verb, code, text }) => `  ${bot} ${verb}: ${code === null ? 'done' : `${code} ${text}`}`,
  );
  if (ordersCanceled > 0) lines.push(`  ${ordersCanceled} orders: cancel asked`);
  for (const { kind, id, text, next } of remaining.items) {
    if (kind !== 'bot') lines.push(`  left: ${kind} ${id}: ${text} ${next}`);
  }
  if (!remaining.complete) lines.push('  There was no time to look at everything: repeat the halt.');
  return lines;
}
