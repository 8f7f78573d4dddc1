import { IconCheck, IconCircle, IconCircleDot } from '@tabler/icons-react';

import type { Task } from '../../api';
import { percent } from '../../live/format';
import { placeStages, type StagePlace } from '../../parts/StageBar';
import classes from './task.module.css';

const icons = { done: IconCheck, active: IconCircleDot, ahead: IconCircle } satisfies Record<StagePlace, unknown>;
const words: Record<StagePlace, string> = { done: 'done', active: 'under way', ahead: 'to come' };

/** The stages by name, each with where it is: the bar's segments may be too short for a word. */
export function StageLegend({ task }: { task: Task }) {
  const { stages, state, progress } = task;
  if (stages === undefined || stages.length === 0) return null;
  return (
    <ol className={classes.legend} aria-label="Stages">
      {placeStages(stages, state, progress).map(({ name, place, value }) => {
        const Icon = icons[place];
        return (
          <li key={name} data-place={place} data-testid="stage-name" aria-current={place === 'active' ? 'step' : undefined}>
            <Icon size={14} aria-label={words[place]} />
            {name}
            {place === 'active' && progress?.stage_percent !== undefined && <span className="numbers">{percent(value)}</span>}
          </li>
        );
      })}
    </ol>
  );
}
