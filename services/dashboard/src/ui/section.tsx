import { Component, type ReactNode, useId } from 'react';
import { ProblemPanel } from './data-state.js';

interface SectionProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A titled card with its own fence: what breaks inside does not take the page with it. */
export function Section({ title, note, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="card flex min-w-0 flex-col overflow-hidden">
      <header className="flex min-h-13 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line px-4 py-2.5">
        <h2 id={id} className="flex items-baseline gap-2 text-[0.9375rem] font-semibold">
          {title}
          {note === undefined ? null : <span className="text-sm font-normal text-quiet">{note}</span>}
        </h2>
        {actions}
      </header>
      <Fence>{children}</Fence>
    </section>
  );
}

/** Shows what went wrong instead of a white page. */
export class Fence extends Component<{ readonly children: ReactNode }, { readonly fault: unknown }> {
  override state: { readonly fault: unknown } = { fault: null };

  static getDerivedStateFromError(fault: unknown): { readonly fault: unknown } {
    return { fault };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return <ProblemPanel error={fault} onRetry={() => this.setState({ fault: null })} />;
  }
}

interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, lead, actions, children }: PageProps) {
  return (
    <>
      <title>{`${title} · Scalpstorm`}</title>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
          {lead === undefined ? null : <div className="text-sm text-quiet">{lead}</div>}
        </div>
        {actions === undefined ? null : <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </>
  );
}
