import { createHash } from 'node:crypto';

/** As a content security policy names a style or a script. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
