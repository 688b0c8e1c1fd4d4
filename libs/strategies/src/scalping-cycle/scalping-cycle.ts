import { defineStrategy } from '../sdk/define.js';
import { step } from './machine.js';
import { checkParameters, measuresOf } from './parameters.js';
import { scalpingSchema } from './schema.js';
import { initialState } from './state.js';

export const scalpingCycle = defineStrategy({
  id: 'scalping-cycle',
  title: 'Scalping cycle',
  description: 'Buys and sells in turns at fixed prices or offsets: buy, on the fill sell, on the fill buy, and so on.',
  schema: scalpingSchema,
  check: checkParameters,
  measures: measuresOf,
  init: () => initialState,
  step,
});
