import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMay } from '../api/lists.js';

/** For whoever may create one. */
export function NewBotLink({ label = 'New bot' }: { readonly label?: string }) {
  if (!useMay('trader')) return null;
  return (
    <Link to="/bots/new" className="button primary">
      <Plus aria-hidden="true" className="size-4" /> {label}
    </Link>
  );
}
