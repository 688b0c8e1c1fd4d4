export { gatewayConfig } from './config.js';
export { type RunningGateway, start } from './start.js';
