import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme.css';

import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { MilepostProvider } from '@milepost/client/react';
import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';

import { milepost } from './api';
import { feed } from './live/feed';
import { sayFailure } from './parts/notices';
import { fetchPages, router } from './router';
import { theme, variables } from './theme';

const queries = new QueryClient({
  defaultOptions: {
    // The SDK tries again by itself what is harmless to repeat.
    queries: { retry: false, refetchOnWindowFocus: false },
  },
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (mutation.meta?.quiet !== true) sayFailure(error);
    },
  }),
});

/** How long the first page has the network to itself, in milliseconds. */
const HEAD_START = 1000;

function Dashboard() {
  useEffect(() => feed.start(), []);
  useEffect(() => {
    const timer = setTimeout(() => void fetchPages(), HEAD_START);
    return () => clearTimeout(timer);
  }, []);
  return <RouterProvider router={router} />;
}

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <MilepostProvider client={milepost}>
          <Notifications position="bottom-right" limit={3} />
          <Dashboard />
        </MilepostProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
