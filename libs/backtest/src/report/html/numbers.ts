/** A thin gap would break in a narrow cell. */
const grouping = ',';
const minus = '\u2212';
export const none = '\u2013';

/** `12,345.67`; a dash where there is no number. */
export function plain(value: number | null, decimals = 2): string {
  if (value === null || !Number.isFinite(value)) return none;
  const [whole = '', rest] = Math.abs(value).toFixed(decimals).split('.');
  if (whole.includes('e')) return value.toPrecision(4);
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, grouping);
  const text = rest === undefined ? grouped : `${grouped}.${rest}`;
  return value < 0 && /[1-9]/.test(text) ? `${minus}${text}` : text;
}

/** `+1.20`: a sign, so that nobody needs the colour. */
export const signed = (value: number | null, decimals = 2): string =>
  value !== null && value > 0 ? `+${plain(value, decimals)}` : plain(value, decimals);

export const percent = (value: number | null, decimals = 2): string => withUnit(plain(value, decimals), '%');
export const signedPercent = (value: number | null, decimals = 2): string => withUnit(signed(value, decimals), '%');

const withUnit = (text: string, unit: string): string => (text === none ? none : `${text}\u00a0${unit}`);

/** As many decimals as its size asks for: six digits that count. */
export function price(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return plain(value, 0);
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  return plain(value, Math.min(10, Math.max(2, 6 - whole)));
}

export const quantity = (value: number): string => String(Number(value.toPrecision(6)));

const spans = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const;

/** `3 d 4 h`: the two largest parts. */
export function duration(seconds: number | null): string {
  if (seconds === null) return none;
  let left = Math.round(seconds);
  const parts: string[] = [];
  for (const [size, name] of spans) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count}\u00a0${name}`);
    else if (parts.length > 0) break;
  }
  return parts.length === 0 ? '0\u00a0s' : parts.slice(0, 2).join(' ');
}

/** `2022-01-24 08:25`, in UTC. */
export const moment = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
/** `2021-12-31 23:01 to 2022-02-01 05:31 UTC`. */
export const momentsOf = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  `${moment(from)} to ${moment(to)} UTC`;
export const day = (iso: string): string => iso.slice(0, 10);
