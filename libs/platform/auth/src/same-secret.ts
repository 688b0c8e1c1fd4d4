import { createHash, timingSafeEqual } from 'node:crypto';

/** Are two secrets equal? Takes the same time wherever they differ, and whatever their lengths. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
