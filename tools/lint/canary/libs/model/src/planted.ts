// Planted: a package in a pure lib (npm-model).
import { z } from 'zod';

export const planted = z.string();
