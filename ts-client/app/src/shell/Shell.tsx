// The frame around every page: where one is, whether it is live, and the way to everything else.

import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconBook2, IconMoon, IconSun } from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef } from 'react';

import { Connection } from './Connection';
import { Footer } from './Footer';
import { Wordmark } from './Logo';
import classes from './shell.module.css';

const pages = [
  { to: '/', name: 'Tasks' },
  { to: '/dead-letters', name: 'Dead letters' },
  { to: '/queues', name: 'Queues' },
  { to: '/kinds', name: 'Kinds' },
  { to: '/schedules', name: 'Schedules' },
  { to: '/webhooks', name: 'Webhooks' },
  { to: '/workers', name: 'Workers' },
  { to: '/submit', name: 'Submit' },
  { to: '/quickstart', name: 'Quickstart' },
  { to: '/system', name: 'System' },
] as const;

export function Shell() {
  // A task's page belongs to the tasks.
  const path = useLocation({ select: ({ pathname }) => pathname });
  const onTask = path.startsWith('/tasks/');
  const main = useFocusOnArrival(path);
  const nav = usePageInSight(path);
  return (
    <div className={classes.page}>
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Link to="/" className={classes.home} aria-label="Milepost, all tasks">
            <Wordmark />
          </Link>
          <nav ref={nav} className={classes.nav} aria-label="Pages">
            {pages.map(({ to, name }) => (
              <Link
                key={to}
                to={to}
                className={classes.navLink}
                activeOptions={{ exact: to === '/', includeSearch: false }}
                {...(to === '/' && onTask ? { 'aria-current': 'true' as const } : {})}
              >
                {name}
              </Link>
            ))}
          </nav>
          <div className={classes.side}>
            <Connection />
            <Tooltip label="API reference" withArrow>
              <ActionIcon
                component="a"
                href="/docs"
                target="_blank"
                className={classes.apiLink}
                variant="subtle"
                color="gray"
                size="lg"
                aria-label="API reference"
              >
                <IconBook2 size={18} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
            <SchemeSwitch />
          </div>
        </div>
      </header>
      <main ref={main} id="main" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <Footer />
    </div>
  );
}

/** Moves the focus to a page when one comes to it, as a browser does with a page it loads. */
function useFocusOnArrival(path: string): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}

/** Scrolls the pages' names, where they do not all fit, to the one that is shown. */
function usePageInSight(path: string): RefObject<HTMLElement | null> {
  const nav = useRef<HTMLElement>(null);
  const last = useRef<string>(undefined);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    const box = nav.current;
    const shown = box?.querySelector<HTMLElement>('[aria-current]');
    if (box && shown) box.scrollLeft = shown.offsetLeft - box.offsetLeft - (box.clientWidth - shown.offsetWidth) / 2;
  }, [path]);
  return nav;
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const next = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`Use ${next} colours`} withArrow>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        onClick={() => setColorScheme(next)}
        aria-label={`Use ${next} colours`}
      >
        {scheme === 'dark' ? <IconSun size={18} stroke={1.6} /> : <IconMoon size={18} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  );
}
