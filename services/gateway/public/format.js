// Numbers come as exact decimal texts and are shown without ever becoming a floating number.

const pattern = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Rounds half away from zero to `places` decimals and groups thousands. */
export function decimal(text, places = null) {
  const match = pattern.exec(text ?? '');
  if (!match) return '–';
  const [, sign, whole, fraction = ''] = match;
  const kept = places === null ? fraction.length : places;
  let units = BigInt(whole + fraction.slice(0, kept).padEnd(kept, '0'));
  if (Number(fraction[kept] ?? '0') >= 5) units += 1n;
  const digits = units.toString().padStart(kept + 1, '0');
  const head = digits.slice(0, digits.length - kept).replace(/\B(?=(\d{3})+$)/g, ',');
  const tail = kept === 0 ? '' : `.${digits.slice(digits.length - kept)}`;
  return `${sign === '-' && units !== 0n ? '−' : ''}${head}${tail}`;
}

/** Sum of decimal texts, exact. */
export function sum(texts) {
  const scale = 18;
  let units = 0n;
  for (const text of texts) {
    const match = pattern.exec(text);
    if (!match) continue;
    const [, sign, whole, fraction = ''] = match;
    const value = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
    units += sign === '-' ? -value : value;
  }
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

export function signOf(text) {
  if (!pattern.test(text ?? '') || /^-?[0.]*$/.test(text)) return 0;
  return text.startsWith('-') ? -1 : 1;
}

/** `▲ +12.34`, `▼ −0.50`, `0.00`: sign and arrow, so that colour is never the only difference. */
export function gain(text, places = 2) {
  const sign = signOf(text);
  const shown = decimal(text, places);
  if (sign === 0) return shown;
  return sign > 0 ? `▲ +${shown}` : `▼ ${shown.startsWith('−') ? shown : `−${shown}`}`;
}

export const toneOf = (text) => ['down', 'flat', 'up'][signOf(text) + 1];

/** Enough decimals that small amounts are not shown as zero. */
export function placesFor(text) {
  const match = pattern.exec(text ?? '');
  if (!match) return 2;
  const [, , whole, fraction = ''] = match;
  if (whole !== '0' || /^0*$/.test(fraction)) return 2;
  return Math.min(8, fraction.search(/[1-9]/) + 3);
}

/** The most decimals that any of these texts has: prices of one market line up that way. */
export const placesOf = (...texts) => Math.max(0, ...texts.map((text) => pattern.exec(text ?? '')?.[3]?.length ?? 0));

export function age(milliseconds) {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export const ago = (iso, now) => (iso === null ? 'never' : `${age(now - Date.parse(iso))} ago`);

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});

export const timeOf = (iso) => clock.format(new Date(iso));

export const modeLabel = (mode) => mode.toUpperCase();
