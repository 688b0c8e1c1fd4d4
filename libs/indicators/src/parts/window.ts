/**
 * Sliding windows are kept as the method of van Herk and of Gil and Werman (1992/93) keeps extremes: the series is cut into blocks as
 * long as the window, so that every window is the end of one block (the tail) and the beginning of the next (the head). The head grows
 * by one value at a time; when a block is full, one pass backwards makes the tails of the windows to come. Two additions a value, one
 * more to put head and tail together, and nothing is ever subtracted: no drift, no residue of a value that has left, no cancellation.
 * An update takes constant time; the one that fills a block takes `period` steps, so it is constant on average.
 */
export interface Window {
  /** The first row that counts. */
  readonly from: number;
  readonly period: number;
}
