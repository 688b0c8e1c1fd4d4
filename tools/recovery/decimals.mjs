// Exact decimal texts as integers of 10^-18.
const decimals = 18;

export function exact(decimal) {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(decimal));
  if (match === null) throw new Error(`not a decimal: ${decimal}`);
  const [, sign, whole, fraction = ''] = match;
  if (fraction.slice(decimals).replaceAll('0', '') !== '')
    throw new Error(`more than ${decimals} decimals: ${decimal}`);
  const units = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  return sign === '-' ? -units : units;
}

export function text(units) {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}

export function addTo(sums, name, units) {
  sums.set(name, (sums.get(name) ?? 0n) + units);
}
