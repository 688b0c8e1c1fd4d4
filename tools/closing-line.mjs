/**
 * The closing line of every test run, in the form that every runner of this project ends with.
 * @param {{passed: number, failed: number, skipped?: number}} counts
 */
export function closingLine({ passed, failed, skipped = 0 }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
