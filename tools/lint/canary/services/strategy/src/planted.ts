// Planted: a service looks into another one (service-never-service).
import { venueKey } from '../../execution/src/planted.js';

export const stolen = venueKey;
