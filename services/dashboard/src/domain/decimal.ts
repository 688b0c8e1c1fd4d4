// Numbers come as exact decimal texts. They are summed, multiplied and shown without ever becoming a floating number.

const pattern = /^(-?)(\d+)(?:\.(\d+))?$/;

interface Parsed {
  readonly units: bigint;
  /** How many of the digits are decimals. */
  readonly scale: number;
}

function parse(text: string | null | undefined): Parsed | null {
  const match = pattern.exec(text ?? '');
  if (match === null) return null;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

function write({ units, scale }: Parsed): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Exact; texts that are no numbers count as nothing. */
export function sum(texts: readonly string[]): string {
  let total: Parsed = { units: 0n, scale: 0 };
  for (const text of texts) {
    const next = parse(text);
    if (next !== null) total = add(total, next);
  }
  return write(total);
}

function add(left: Parsed, right: Parsed): Parsed {
  const scale = Math.max(left.scale, right.scale);
  return { units: scaled(left, scale) + scaled(right, scale), scale };
}

const scaled = ({ units, scale }: Parsed, to: number): bigint => units * 10n ** BigInt(to - scale);

/** Exact. Null when one of them is no number. */
export function times(left: string | null, right: string | null): string | null {
  const [one, other] = [parse(left), parse(right)];
  return one && other ? write({ units: one.units * other.units, scale: one.scale + other.scale }) : null;
}

export function compare(left: string, right: string): number {
  const sign = signOf(sum([left, negated(right)]));
  return sign;
}

export const negated = (text: string): string => (text.startsWith('-') ? text.slice(1) : `-${text}`);
export const absolute = (text: string): string => (text.startsWith('-') ? text.slice(1) : text);

/** 1, 0 or −1; 0 for what is no number. */
export function signOf(text: string | null | undefined): -1 | 0 | 1 {
  const parsed = parse(text);
  if (parsed === null || parsed.units === 0n) return 0;
  return parsed.units < 0n ? -1 : 1;
}

/** `part` of `whole` as a whole number of percent, 0 to 100, for a bar. Null when there is no whole. */
export function percentOf(part: string, whole: string): number | null {
  const [one, other] = [parse(absolute(part)), parse(whole)];
  if (one === null || other === null || other.units <= 0n) return null;
  const scale = Math.max(one.scale, other.scale);
  const percent = (scaled(one, scale) * 100n) / scaled(other, scale);
  return percent > 100n ? 100 : Number(percent);
}

/** Rounds half away from zero to `places` decimals and groups thousands; every decimal when no places are given. */
export function shown(text: string | null | undefined, places: number | null = null): string {
  const match = pattern.exec(text ?? '');
  if (match === null) return '–';
  const [, sign, whole = '0', fraction = ''] = match;
  const kept = places ?? fraction.length;
  let units = BigInt(whole + fraction.slice(0, kept).padEnd(kept, '0'));
  if (Number(fraction[kept] ?? '0') >= 5) units += 1n;
  const digits = units.toString().padStart(kept + 1, '0');
  const head = digits.slice(0, digits.length - kept).replace(/\B(?=(\d{3})+$)/g, ',');
  const tail = kept === 0 ? '' : `.${digits.slice(digits.length - kept)}`;
  return `${sign === '-' && units !== 0n ? '−' : ''}${head}${tail}`;
}

/** `+12.34`, `−0.50`, `0.00`: always with its sign. */
export function signed(text: string | null | undefined, places = placesFor(text)): string {
  const plain = shown(text, places);
  return signOf(text) > 0 ? `+${plain}` : plain;
}

/** Enough decimals that a small amount is not shown as zero. */
export function placesFor(text: string | null | undefined): number {
  const match = pattern.exec(text ?? '');
  if (match === null) return 2;
  const [, , whole, fraction = ''] = match;
  if (whole !== '0' || /^0*$/.test(fraction)) return 2;
  return Math.min(8, fraction.search(/[1-9]/) + 3);
}

/** The most decimals that any of these has: prices of one market line up that way. */
export const placesOf = (...texts: readonly (string | null | undefined)[]): number =>
  Math.max(0, ...texts.map((text) => pattern.exec(text ?? '')?.[3]?.length ?? 0));
