// Which address shows which page.

import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';

import { DeadLettersPage } from './pages/deadletters/DeadLettersPage';
import { readDeadLetters } from './pages/deadletters/search';
import { KindPage } from './pages/kinds/KindPage';
import { KindsPage } from './pages/kinds/KindsPage';
import { NoSuchPage } from './pages/NoSuchPage';
import { QueuesPage } from './pages/queues/QueuesPage';
import { QuickstartPage } from './pages/quickstart/QuickstartPage';
import { SchedulesPage } from './pages/schedules/SchedulesPage';
import { readPreset } from './pages/submit/draft';
import { SubmitPage } from './pages/submit/SubmitPage';
import { SystemPage } from './pages/system/SystemPage';
import { readFamily } from './pages/task/family/search';
import { TaskPage } from './pages/task/TaskPage';
import { parseSearch, readFilters, writeSearch } from './pages/tasks/filters';
import { TasksPage } from './pages/tasks/TasksPage';
import { WorkersPage } from './pages/workers/WorkersPage';
import { Broken } from './shell/Broken';
import { Shell } from './shell/Shell';

const root = createRootRoute({ component: Shell, notFoundComponent: NoSuchPage, errorComponent: Broken });

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readFilters,
  component: TasksPage,
});

const task = createRoute({ getParentRoute: () => root, path: '/tasks/$id', validateSearch: readFamily, component: TaskPage });
const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: readDeadLetters,
  component: DeadLettersPage,
});
const queues = createRoute({ getParentRoute: () => root, path: '/queues', component: QueuesPage });
const kinds = createRoute({ getParentRoute: () => root, path: '/kinds', component: KindsPage });
const kind = createRoute({ getParentRoute: () => root, path: '/kinds/$name', component: KindPage });
const schedules = createRoute({ getParentRoute: () => root, path: '/schedules', component: SchedulesPage });
const workers = createRoute({ getParentRoute: () => root, path: '/workers', component: WorkersPage });
const submit = createRoute({ getParentRoute: () => root, path: '/submit', validateSearch: readPreset, component: SubmitPage });
const quickstart = createRoute({ getParentRoute: () => root, path: '/quickstart', component: QuickstartPage });
const system = createRoute({ getParentRoute: () => root, path: '/system', component: SystemPage });

export const router = createRouter({
  routeTree: root.addChildren([tasks, task, deadLetters, queues, kinds, kind, schedules, workers, submit, quickstart, system]),
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
