import { useMemo } from 'react';
import { usePages } from '../api/lists.js';
import { type MergeRules, merged } from '../domain/merge.js';
import { useChannel } from './live-provider.js';

interface LogWanted<Row> extends MergeRules<Row> {
  readonly channel: string;
  readonly path: string;
  /** What the gateway filters by, and the same for rows of the stream. */
  readonly filter: Readonly<Record<string, string | undefined>>;
  readonly fits: (row: Row) => boolean;
  /** The stream knows all rows that fit, as it does of open orders; what was fetched would grow stale beside it. */
  readonly streamed?: boolean;
}

/** A list without an end: what is new comes by itself, what is older on demand. Give rules that stay the same object. */
export function useLog<Row>(wanted: LogWanted<Row>) {
  const live = useChannel<Row>(wanted.channel);
  const pages = usePages<Row>(wanted.path, wanted.filter);
  const filterKey = JSON.stringify(wanted.filter);
  const rows = useMemo(() => {
    if (wanted.streamed && live !== undefined) return merged(live, [], wanted).filter(wanted.fits);
    if (pages.data === undefined) return undefined;
    const fetched = pages.data.pages.flatMap(({ data }) => data);
    // The stream's rows replace what was fetched before it is asked what fits: an order that is over is open no more.
    return merged(live ?? [], fetched, wanted).filter(wanted.fits);
  }, [live, pages.data, filterKey]);
  return { rows, pages: wanted.streamed && live !== undefined ? { ...pages, hasNextPage: false } : pages };
}
