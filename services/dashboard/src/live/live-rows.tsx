import type { ReactNode } from 'react';
import { Skeleton, Waiting } from '../ui/data-state.js';
import { useLive, useUnreachable } from './live-provider.js';

interface LiveRowsProps<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly empty: ReactNode;
  readonly skeleton?: ReactNode;
  /** Shown while there is no connection, in place of the explanation; null where one beside it says so already. */
  readonly waiting?: ReactNode;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** All states of a live list: loading, not reachable, empty, there. */
export function LiveRows<Row>({ rows, empty, skeleton = <Skeleton />, waiting, children }: LiveRowsProps<Row>) {
  const { connection } = useLive();
  const unreachable = useUnreachable();
  if (rows === undefined && !unreachable) return skeleton;
  if (rows === undefined) return waiting === undefined ? <Waiting onRetry={connection.reconnect} /> : waiting;
  return rows.length === 0 ? empty : children(rows);
}

/** For what has no card around it. */
export function WaitingCard() {
  const { connection } = useLive();
  return (
    <div className="card">
      <Waiting onRetry={connection.reconnect} />
    </div>
  );
}
