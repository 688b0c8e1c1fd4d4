import { type ReactNode, useState } from 'react';
import { ProblemPanel, Skeleton } from './data-state.js';

/** Rows that are drawn at once; the next ones on demand, so that a long list stays quick and short on a phone. */
const rowsDrawn = matchMedia('(max-width: 47.99rem)').matches ? 20 : 50;

interface LogViewProps<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly pages: {
    readonly error: unknown;
    readonly isError: boolean;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
    readonly refetch: () => Promise<unknown>;
  };
  readonly empty: ReactNode;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** All states of a list that is read page by page. */
export function LogView<Row>({ rows, pages, empty, children }: LogViewProps<Row>) {
  const [drawn, setDrawn] = useState(rowsDrawn);
  if (rows === undefined) {
    return pages.isError ? (
      <ProblemPanel error={pages.error} onRetry={() => void pages.refetch()} />
    ) : (
      <Skeleton rows={5} />
    );
  }
  if (rows.length === 0 && !pages.hasNextPage) return empty;
  const older = () => {
    setDrawn(drawn + rowsDrawn);
    if (rows.length < drawn + rowsDrawn && pages.hasNextPage) void pages.fetchNextPage();
  };
  return (
    <>
      {children(rows.slice(0, drawn))}
      {pages.isError ? <ProblemPanel error={pages.error} onRetry={() => void pages.fetchNextPage()} /> : null}
      {rows.length > drawn || pages.hasNextPage ? (
        <div className="flex justify-center border-t border-line p-3">
          <button type="button" className="button small" disabled={pages.isFetchingNextPage} onClick={older}>
            {pages.isFetchingNextPage ? 'Loading …' : 'Show older'}
          </button>
        </div>
      ) : null}
    </>
  );
}
