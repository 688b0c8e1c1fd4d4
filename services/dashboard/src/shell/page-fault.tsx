import { ProblemPanel } from '../ui/data-state.js';

/** A screen that broke; a part of the program that could not be loaded after an update lands here, too. */
export function PageFault({ error }: { readonly error: unknown }) {
  return (
    <div className="card">
      <ProblemPanel error={error} onRetry={() => location.reload()} />
    </div>
  );
}
