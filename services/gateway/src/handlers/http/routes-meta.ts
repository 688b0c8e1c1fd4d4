import { get } from './route-builder.js';
import * as platform from './schemas-platform.js';

/** What runs here. */
export const metaRoutes = {
  version: get('/v1/version', {
    summary: 'What runs here, and its time',
    access: 'public',
    reply: platform.versionReply,
  }),
} as const;
