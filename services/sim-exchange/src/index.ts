export type { SimExchangeOptions } from './options.js';
export { type Announcement, type SimExchange, startSimExchange } from './sim-exchange.module.js';
