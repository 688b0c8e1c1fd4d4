// Planted: a type is an import too (layer-kernel).
import type { planted } from '../../model/src/planted.js';

export type Lowest = typeof planted;
