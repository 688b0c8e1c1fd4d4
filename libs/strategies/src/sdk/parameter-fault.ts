/** What is wrong with a parameter; the form of a `Refusal`. `field` is a JSON pointer into the parameters: `/quantity`. */
export interface ParameterFault {
  readonly code: string;
  readonly field: string;
  readonly text: string;
  readonly allowed: string;
  readonly next: string;
}
