import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly label: string;
  /** Figures stand at the end, under one another. */
  readonly figure?: boolean;
  /** It has much to say, and takes a whole line of the card that a row is on a phone. */
  readonly whole?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface SheetProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

/** So many fit beside one another also on half a screen. */
const fewColumns = 5;

/** A table; where it is too narrow each row becomes a card. */
export function Sheet<Row>({ caption, columns, rows, keyOf }: SheetProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable by keyboard
    <section aria-label={caption} tabIndex={0} className="sheet-frame overflow-x-auto -outline-offset-2">
      <table className={`sheet ${columns.length > fewColumns ? 'many' : ''}`}>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ label, figure }) => (
              <th key={label} scope="col" className={figure ? 'end' : ''}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ label, figure, whole, cell }) => (
                <td key={label} data-label={label} className={`${figure ? 'end num' : ''} ${whole ? 'whole' : ''}`}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
