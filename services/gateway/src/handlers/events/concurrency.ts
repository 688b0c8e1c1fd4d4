import type { Meta } from '@scalpstorm/contracts';

/** Events with different keys are folded together in one commit, so many may be under way. */
export const foldsAtOnce = { concurrency: 256 } as const;

/**
 * A key for each event, where the fold itself keeps the newest: waiting for one another, the events of an account, or the lines of a
 * service, would have a commit each.
 */
export const eachAlone = ({ meta }: { readonly meta: Meta }): string => meta.eventId;
