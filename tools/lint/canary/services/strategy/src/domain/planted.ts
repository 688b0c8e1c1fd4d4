// Planted: a decider reads the disk (domain-is-pure).
import { readFileSync } from 'node:fs';

export const impure = readFileSync;
