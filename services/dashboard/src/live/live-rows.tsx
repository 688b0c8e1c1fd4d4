import type { ReactNode } from 'react';
import { Skeleton, Waiting } from '../ui/data-state.js';
import { useLive, useUnreachable } from './live-provider.js';

interface LiveRowsProps<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly empty: ReactNode;
  readonly skeleton?: ReactNode;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** All states of a live list: loading, not reachable, empty, there. */
export function LiveRows<Row>({ rows, empty, skeleton = <Skeleton />, children }: LiveRowsProps<Row>) {
  const { connection } = useLive();
  const unreachable = useUnreachable();
  if (rows === undefined) return unreachable ? <Waiting onRetry={connection.reconnect} /> : skeleton;
  return rows.length === 0 ? empty : children(rows);
}
