// What a spec gets for 'fast-check' (see jest.config.mjs). Here, so that only suites with properties load it, and once.
import fastCheck from '../node_modules/fast-check/lib/fast-check.js';
import { propertySeed } from './property-seed.mjs';

const seed = propertySeed(process.env.PROPERTY_SEED);
if (seed !== undefined) fastCheck.configureGlobal({ seed });

export default fastCheck;
