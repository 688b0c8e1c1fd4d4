/** Events with different keys are folded together in one commit, so many may be under way. */
export const foldsAtOnce = { concurrency: 256 } as const;
