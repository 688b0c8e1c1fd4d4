/** `0.4 s`, `12 s`, `5 min`, `3 h`, `2 d`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

export const ago = (iso: string | null, now: number): string =>
  iso === null ? 'never' : `${age(Math.floor((now - Date.parse(iso)) / 1000) * 1000)} ago`;

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/** In the viewer's own time zone; the date only when it is another day. */
export function timeOf(iso: string, now: number): string {
  const at = new Date(iso);
  const clock = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  const today = new Date(now).toDateString() === at.toDateString();
  return today ? clock : `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${clock}`;
}

/** For tooltips: unambiguous, with milliseconds. */
export const exactTime = (iso: string): string => iso.replace('T', ' ').replace('Z', ' UTC');
