import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { session } from './api/session.js';
import { loadScreens, router } from './router.js';
import './app.css';

const queries = new QueryClient({
  defaultOptions: {
    // What changes comes over the stream; what is fetched is fetched again only when somebody opens it anew.
    queries: { retry: false, refetchOnWindowFocus: false, refetchOnReconnect: true, staleTime: 30_000 },
    mutations: { retry: false },
  },
});

session.onLeave(() => queries.clear());

const quietMs = 3_000;
// The first screen comes first; a failure is no news: whoever opens a screen later is told.
addEventListener('load', () => setTimeout(() => void loadScreens(), quietMs), { once: true });

const element = document.getElementById('app');
if (element !== null) {
  createRoot(element).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
