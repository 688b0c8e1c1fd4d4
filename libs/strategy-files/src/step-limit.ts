/**
 * How long the code of a strategy may work at a time, ms: at one bar, or at all that a bot hears at once while it warms up. One limit
 * wherever it runs, so that what was certified runs live, too; and shorter than what a process may keep its lease without renewing it.
 */
export const stepMsMax = 2_000;
