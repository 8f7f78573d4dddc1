import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { milepost } from '../api';
import { useFeedPart } from '../live/useFeedPart';
import classes from './shell.module.css';

export function Footer() {
  const generation = useFeedPart((view) => view.generation);
  // Once a connection, because another server may answer the next one.
  const system = useQuery({
    queryKey: ['system', 'version', generation],
    queryFn: ({ signal }) => milepost.system({ signal }),
    enabled: generation > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <footer className={classes.footer}>
      <div className={classes.bar}>
        <span>Milepost {system.data?.version}</span>
        <span className={classes.side}>
          <a href="/docs" target="_blank" rel="noreferrer">
            API reference
          </a>
          <a href="/openapi.json" target="_blank" rel="noreferrer">
            openapi.json
          </a>
          <Link to="/system">System</Link>
        </span>
      </div>
    </footer>
  );
}
