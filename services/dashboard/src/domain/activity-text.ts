/** A line of the log without the name that stands before it already; elsewhere, as in a message, it begins with it. */
export const activityText = (text: string, name: string | null): string =>
  name !== null && text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text;
