import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Fence } from '../ui/section.js';
import { HaltBanner } from './halt-banner.js';
import { Header } from './header.js';
import { BottomBar, SideBar } from './navigation.js';
import { StaleBanner } from './stale-banner.js';

/** What is around every screen. */
export function Frame() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    // Whoever listens or uses the keyboard begins at the new screen, not at the link that led there.
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <>
      <button
        type="button"
        className="button primary fixed top-2 left-2 z-50 -translate-y-20 focus:translate-y-0"
        onClick={() => main.current?.focus()}
      >
        Skip to content
      </button>
      <div className="md:pl-16 lg:pl-52">
        <SideBar />
        <Header />
        <StaleBanner />
        <HaltBanner />
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className="mx-auto flex max-w-[100rem] flex-col gap-4 px-3 pt-4 pb-28 outline-none md:px-6 md:pb-10"
        >
          <Fence key={path}>
            <Outlet />
          </Fence>
        </main>
      </div>
      <BottomBar />
    </>
  );
}
