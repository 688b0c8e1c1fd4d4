/** Aborted by Ctrl-C, by whoever ends this program, or when nobody reads its output any more. */
export function interrupt(stdout: NodeJS.WriteStream): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => controller.abort());
  stdout.once('error', () => controller.abort());
  return controller.signal;
}
