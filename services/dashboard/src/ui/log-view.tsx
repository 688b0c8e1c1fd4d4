import type { ReactNode } from 'react';
import { ProblemPanel, Skeleton } from './data-state.js';

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
  if (rows === undefined) {
    return pages.isError ? (
      <ProblemPanel error={pages.error} onRetry={() => void pages.refetch()} />
    ) : (
      <Skeleton rows={5} />
    );
  }
  if (rows.length === 0 && !pages.hasNextPage) return empty;
  return (
    <>
      {children(rows)}
      {pages.isError ? <ProblemPanel error={pages.error} /> : null}
      {pages.hasNextPage ? (
        <div className="flex justify-center border-t border-line p-3">
          <button
            type="button"
            className="button small"
            disabled={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            {pages.isFetchingNextPage ? 'Loading …' : 'Show older'}
          </button>
        </div>
      ) : null}
    </>
  );
}
