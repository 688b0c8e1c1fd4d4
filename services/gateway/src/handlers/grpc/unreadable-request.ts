import { ProblemRaised, problems } from '../../domain/problem.js';

/** Stands where a message should, when its bytes are none: to an error grpc-js would answer INTERNAL, with no code of ours. */
export class UnreadableRequest {
  constructor(readonly typeName: string) {}
}

/** @throws ProblemRaised BAD_REQUEST */
export function assertReadable(request: unknown): void {
  if (!(request instanceof UnreadableRequest)) return;
  throw new ProblemRaised(problems.badRequest(`The bytes that came are no ${request.typeName}.`));
}
