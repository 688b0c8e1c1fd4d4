/** What Postgres takes in no text and no JSON. */
const nul = String.fromCharCode(0);
const replacement = '\uFFFD';

/**
 * The beginning of a text, at most `lengthMax` UTF-16 units long (4 or more), that every channel and Postgres take: no half of a
 * character, no NUL. With `mark`, what was cut ends in it. The one place where texts of others are cut.
 */
export function cut(text: string, lengthMax: number, mark = ''): string {
  const isCut = text.length > lengthMax;
  const room = isCut ? lengthMax - mark.length : lengthMax;
  // A pair that the end of the room would halve stays out whole.
  const end = isCut && isPairAt(text, room - 1) ? room - 1 : room;
  const kept = text.slice(0, end).toWellFormed().replaceAll(nul, replacement);
  return isCut ? `${kept}${mark}` : kept;
}

/** Does a surrogate pair begin at this unit? */
const isPairAt = (text: string, index: number): boolean =>
  isWithin(text.charCodeAt(index), 0xd800, 0xdbff) && isWithin(text.charCodeAt(index + 1), 0xdc00, 0xdfff);

const isWithin = (unit: number, first: number, last: number): boolean => unit >= first && unit <= last;
