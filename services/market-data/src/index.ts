export { type StartOptions, start } from './start.js';
