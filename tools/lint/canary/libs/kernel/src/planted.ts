// Planted: the lowest layer looks up (layer-kernel).
import { planted } from '../../model/src/planted.js';

export const lowest = planted;
