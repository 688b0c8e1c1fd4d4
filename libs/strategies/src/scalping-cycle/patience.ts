import { endsByItself } from './hearing.js';
import type { ScalpingState } from './state.js';

/**
 * Where what decides has spoken anew, it is another market: that it gave nothing to the orders before, which do not rest, is no reason
 * to wait longer and longer. What was refused goes on waiting, or a gate that denies would be asked, and tell it, every time.
 */
export function withPatience(state: ScalpingState): ScalpingState {
  const newest = state.orders.at(-1);
  if (state.retryAt === null || newest === undefined || !endsByItself(newest)) return state;
  return { ...state, retryAt: null, failures: 1 };
}
