import { Link } from '@tanstack/react-router';
import {
  Bell,
  Bot,
  Ellipsis,
  Gauge,
  KeyRound,
  LayoutDashboard,
  ListOrdered,
  LogOut,
  type LucideIcon,
  Scale,
  ScrollText,
  UserRound,
  Users,
  Wallet,
} from 'lucide-react';
import { useState } from 'react';
import { useMay, useMe } from '../api/lists.js';
import { session } from '../api/session.js';
import { roleWords } from '../domain/roles.js';
import { Modal } from '../ui/modal.js';
import { Brand } from './brand.js';
import { ThemeChoice } from './theme-choice.js';

interface Place {
  readonly to:
    | '/'
    | '/bots'
    | '/orders'
    | '/holdings'
    | '/activity'
    | '/risk'
    | '/reconciliation'
    | '/accounts'
    | '/notifications'
    | '/users';
  readonly label: string;
  readonly icon: LucideIcon;
}

const places: readonly Place[] = [
  { to: '/', label: 'Overview', icon: LayoutDashboard },
  { to: '/bots', label: 'Bots', icon: Bot },
  { to: '/orders', label: 'Orders', icon: ListOrdered },
  { to: '/holdings', label: 'Holdings', icon: Wallet },
  { to: '/activity', label: 'Activity', icon: ScrollText },
  { to: '/risk', label: 'Risk', icon: Gauge },
  { to: '/reconciliation', label: 'Reconciliation', icon: Scale },
  { to: '/accounts', label: 'Accounts', icon: KeyRound },
  { to: '/notifications', label: 'Notifications', icon: Bell },
];
const usersPlace: Place = { to: '/users', label: 'Users', icon: Users };

/** Where one may go. */
function usePlaces(): readonly Place[] {
  return useMay('admin') ? [...places, usersPlace] : places;
}

/** As many as a thumb finds without looking. */
const nearest = 4;

/** Signs alone on a tablet, words on what is wider. */
export function SideBar() {
  const shown = usePlaces();
  return (
    <nav
      aria-label="Screens"
      className="fixed inset-y-0 left-0 z-30 hidden w-16 flex-col border-r border-line bg-panel md:flex lg:w-52"
    >
      <div className="flex h-14 flex-none items-center px-4.5 lg:hidden">
        <Brand spare />
      </div>
      <div className="hidden h-14 flex-none items-center px-4 lg:flex">
        <Brand />
      </div>
      <div className="flex flex-1 flex-col gap-0.5 overflow-y-auto p-2">
        {shown.map(({ to, label, icon: Icon }) => (
          <Link key={to} to={to} title={label} activeOptions={{ exact: to === '/' }} className={row}>
            <Icon aria-hidden="true" className="size-4.5 flex-none" />
            <span className="max-lg:sr-only">{label}</span>
          </Link>
        ))}
      </div>
      <div className="flex flex-col gap-2 border-t border-line p-2">
        <OwnLink />
        <ThemeChoice />
        <LogOutButton />
      </div>
    </nav>
  );
}

function LogOutButton() {
  return (
    <button
      type="button"
      title="Log out"
      className="button ghost small md:max-lg:justify-center lg:justify-start"
      onClick={() => void session.logOut()}
    >
      <LogOut aria-hidden="true" className="size-4" /> <span className="md:max-lg:sr-only">Log out</span>
    </button>
  );
}

/** Who one is here; leads to what is one's own. */
function OwnLink({ onClick }: { readonly onClick?: () => void }) {
  const me = useMe().data;
  return (
    <Link to="/me" title={me?.email ?? 'You'} onClick={onClick} className={row}>
      <UserRound aria-hidden="true" className="size-4.5 flex-none" />
      <span className="min-w-0 leading-tight md:max-lg:sr-only">
        <span className="block truncate">{me?.email ?? 'You'}</span>
        {me === undefined ? null : <span className="text-xs font-normal text-quiet">{roleWords[me.role].name}</span>}
      </span>
    </Link>
  );
}

const row =
  'flex min-h-10 items-center gap-3 rounded-lg px-3 py-1 text-sm font-medium text-quiet hover:bg-raised hover:text-ink aria-[current]:bg-raised aria-[current]:font-semibold aria-[current]:text-ink';

const tab =
  'flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-[0.6875rem] font-medium text-quiet aria-[current]:font-semibold aria-[current]:text-accent';

/** On a phone: the screens that one needs most, and the rest behind one button. */
export function BottomBar() {
  const shown = usePlaces();
  const [more, setMore] = useState(false);
  const close = () => setMore(false);
  return (
    <nav
      aria-label="Screens"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {shown.slice(0, nearest).map(({ to, label, icon: Icon }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/' }} className={tab}>
          <Icon aria-hidden="true" className="size-5" />
          {label}
        </Link>
      ))}
      <button type="button" className={tab} aria-haspopup="dialog" onClick={() => setMore(true)}>
        <Ellipsis aria-hidden="true" className="size-5" />
        More
      </button>
      {more ? (
        <Modal title="More" onClose={close}>
          <div className="flex flex-col gap-1">
            {shown.slice(nearest).map(({ to, label, icon: Icon }) => (
              <Link
                key={to}
                to={to}
                onClick={close}
                className="flex min-h-12 items-center gap-3 rounded-lg px-3 font-medium aria-[current]:bg-raised"
              >
                <Icon aria-hidden="true" className="size-5 text-quiet" />
                {label}
              </Link>
            ))}
          </div>
          <div className="mt-3 flex flex-col gap-3 border-t border-line pt-4">
            <OwnLink onClick={close} />
            <ThemeChoice />
            <LogOutButton />
          </div>
        </Modal>
      ) : null}
    </nav>
  );
}
