export { assert, BrokenInvariant, unreachable } from './assert.js';
export type { Brand } from './brand.js';
export { type Clock, type Micros, millisecond, second, Timestamp } from './clock.js';
export { nearest, nearestFirst } from './nearest.js';
export { fail, ok, type Result, unwrap } from './result.js';
export { type Rng, seededRng } from './rng.js';
