export { type CuttableLine, startCuttableLine } from './testing/cuttable-line.js';
export { type SimulatedExchange, startSimulatedExchange } from './testing/simulated-exchange.js';
