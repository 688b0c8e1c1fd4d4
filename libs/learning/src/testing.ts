export { waveMarket } from './testing/wave-market.js';
