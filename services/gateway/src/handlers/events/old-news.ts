import type { MessageContext } from '@scalpstorm/bus';

/**
 * Whether everybody has been told: it was folded before, and comes for the first time. What comes again may have been folded by
 * a process that ended before it told anybody.
 */
export const isOldNews = (isNew: boolean, { deliveries }: Pick<MessageContext, 'deliveries'>): boolean =>
  !isNew && deliveries === 1;
