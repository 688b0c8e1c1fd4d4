import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { Empty } from '../ui/data-state.js';
import { Page } from '../ui/section.js';

export function NotFound() {
  return (
    <Page title="Nothing here">
      <div className="card">
        <Empty
          icon={<Compass className="size-6" />}
          title="There is no such page"
          action={
            <Link to="/" className="button primary">
              To the overview
            </Link>
          }
        >
          The address may be mistyped, or what it led to is gone.
        </Empty>
      </div>
    </Page>
  );
}
