import { Link } from '@tanstack/react-router';

import type { Kind } from '../../api';
import { moment } from '../../live/format';
import { ActionsHead, RowActions } from '../../parts/RowActions';
import { KindActions } from './KindActions';
import classes from './kinds.module.css';
import { defaultsInWords } from './words';

interface Props {
  kinds: readonly Kind[];
  onEdit(name: string): void;
  onChanged(): void;
}

export function KindTable({ kinds, onEdit, onChanged }: Props) {
  return (
    <table>
      <caption>Kinds, by name</caption>
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col">Input</th>
          <th scope="col">Defaults</th>
          <th scope="col">Changed</th>
          <ActionsHead />
        </tr>
      </thead>
      <tbody>
        {kinds.map((kind) => (
          <tr key={kind.name} data-testid="kind-row" data-kind={kind.name}>
            <th scope="row">
              <Link to="/kinds/$name" params={{ name: kind.name }}>
                {kind.name}
              </Link>
              {kind.description !== undefined && <div className={classes.under}>{firstLine(kind.description)}</div>}
            </th>
            <td>{kind.checks_input ? 'By its schema' : <span className={classes.none}>Any</span>}</td>
            <td>
              <Defaults kind={kind} />
            </td>
            <td className="numbers">{moment(kind.updated_at)}</td>
            <RowActions>
              <KindActions name={kind.name} onEdit={onEdit} onDeleted={onChanged} />
            </RowActions>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Defaults({ kind }: { kind: Kind }) {
  const words = defaultsInWords(kind.defaults);
  if (words.length === 0) return <span className={classes.none}>Its queue's</span>;
  return <>{words.map(([name, value]) => `${name} ${value}`).join(', ')}</>;
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';
