// What the fault simulation drives (libs/simulation): handlers, ports, and the adapter that decides something. Nobody else imports it.
export { MemoryMarket } from './adapters/memory-market.js';
export { memoryToJson, newMemory } from './domain/memory.js';
export type { TradingWord } from './domain/trading-word.js';
export { Fleet } from './handlers/fleet.js';
export { MarketHandler } from './handlers/market.handler.js';
export { ObeyHalts } from './handlers/obey-halts.js';
export { OrderEventsHandler } from './handlers/order-events.handler.js';
export { OrderSender } from './handlers/order-sender.js';
export { RefreshInstruments } from './handlers/refresh-instruments.js';
export { RestoreBots } from './handlers/restore-bots.js';
export { TradingStateHandler } from './handlers/trading-state.handler.js';
export { WakeBots } from './handlers/wake-bots.js';
export { type BotChange, BotStore, type BotWish, type Standing, type StoredBot } from './ports/bot-store.js';
export { BotsLease } from './ports/bots-lease.js';
export { Directory } from './ports/directory.js';
export { TradingHalts } from './ports/trading-halts.js';
