/** `12 s`, `5 min`, `3 h 2 min`, `2 d 4 h`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

/** With tenths below ten seconds: for what should be younger than one. */
export const fineAge = (milliseconds: number): string =>
  milliseconds < 10_000 ? `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s` : age(milliseconds);

export const ago = (iso: string | null, now: number): string =>
  iso === null ? 'never' : `${age(now - Date.parse(iso))} ago`;

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
