import { CommitUnknown, LeaseLost, StoreBusy, StoreUnavailable } from '@scalpstorm/store';

/** What passes, or ends this process at once, as the loss of the lease does; anything else is a fault of what was to be written. */
export function isStoreWeather(error: unknown): boolean {
  const weather = [StoreUnavailable, StoreBusy, CommitUnknown, LeaseLost];
  return weather.some((kind) => error instanceof kind);
}
