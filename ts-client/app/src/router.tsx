// Which address shows which page. The list of tasks is what most people open first; every other
// page comes in a file of its own when somebody goes there.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { readDeadLetters } from './pages/deadletters/search';
import { NoSuchPage } from './pages/NoSuchPage';
import { readPreset } from './pages/submit/draft';
import { readFamily } from './pages/task/family/search';
import { parseSearch, readFilters, writeSearch } from './pages/tasks/filters';
import { TasksPage } from './pages/tasks/TasksPage';
import { readDeliveries } from './pages/webhooks/search';
import { Broken } from './shell/Broken';
import { Shell } from './shell/Shell';

const parts: (() => Promise<unknown>)[] = [];

/** A page in a file of its own. */
function part<Name extends string>(name: Name, load: () => Promise<Record<Name, () => ReactNode>>) {
  parts.push(load);
  return lazyRouteComponent(load, name);
}

/** Fetches the files of all pages: they are to be there when the server is not. */
export async function fetchPages() {
  await Promise.allSettled(parts.map((load) => load()));
}

const root = createRootRoute({ component: Shell, notFoundComponent: NoSuchPage, errorComponent: Broken });

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readFilters,
  component: TasksPage,
});

const task = createRoute({
  getParentRoute: () => root,
  path: '/tasks/$id',
  validateSearch: readFamily,
  component: part('TaskPage', () => import('./pages/task/TaskPage')),
});
const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: readDeadLetters,
  component: part('DeadLettersPage', () => import('./pages/deadletters/DeadLettersPage')),
});
const queues = createRoute({
  getParentRoute: () => root,
  path: '/queues',
  component: part('QueuesPage', () => import('./pages/queues/QueuesPage')),
});
const kinds = createRoute({
  getParentRoute: () => root,
  path: '/kinds',
  component: part('KindsPage', () => import('./pages/kinds/KindsPage')),
});
const kind = createRoute({
  getParentRoute: () => root,
  path: '/kinds/$name',
  component: part('KindPage', () => import('./pages/kinds/KindPage')),
});
const schedules = createRoute({
  getParentRoute: () => root,
  path: '/schedules',
  component: part('SchedulesPage', () => import('./pages/schedules/SchedulesPage')),
});
const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  component: part('WebhooksPage', () => import('./pages/webhooks/WebhooksPage')),
});
const webhook = createRoute({
  getParentRoute: () => root,
  path: '/webhooks/$id',
  validateSearch: readDeliveries,
  component: part('WebhookPage', () => import('./pages/webhooks/WebhookPage')),
});
const workers = createRoute({
  getParentRoute: () => root,
  path: '/workers',
  component: part('WorkersPage', () => import('./pages/workers/WorkersPage')),
});
const submit = createRoute({
  getParentRoute: () => root,
  path: '/submit',
  validateSearch: readPreset,
  component: part('SubmitPage', () => import('./pages/submit/SubmitPage')),
});
const quickstart = createRoute({
  getParentRoute: () => root,
  path: '/quickstart',
  component: part('QuickstartPage', () => import('./pages/quickstart/QuickstartPage')),
});
const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  component: part('SystemPage', () => import('./pages/system/SystemPage')),
});

export const router = createRouter({
  routeTree: root.addChildren([
    tasks,
    task,
    deadLetters,
    queues,
    kinds,
    kind,
    schedules,
    webhooks,
    webhook,
    workers,
    submit,
    quickstart,
    system,
  ]),
  parseSearch,
  stringifySearch: writeSearch,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
