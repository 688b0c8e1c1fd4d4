export { type SimulatedExchange, startSimulatedExchange } from './testing/simulated-exchange.js';
