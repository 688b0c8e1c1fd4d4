/** The wish, see `wishes`, of two signs of which at most one is there. Reckoned, not chosen: a branch is foreseen wrongly at every turn. */
export const wishOf = (isUp: boolean, isDown: boolean): number => Number(isUp) - Number(isDown);
