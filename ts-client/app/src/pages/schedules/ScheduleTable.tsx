import { Link } from '@tanstack/react-router';

import type { Overlap, Schedule } from '../../api';
import { useNow } from '../../live/clock';
import { age, duration, moment } from '../../live/format';
import { Mark } from '../../parts/Mark';
import { ActionsHead } from '../../parts/RowActions';
import { cronInWords } from './cron';
import { ScheduleActions } from './ScheduleActions';
import classes from './schedules.module.css';

const overlaps: Record<Overlap, string> = { skip: 'Skip', allow: 'Allow', cancel: 'Cancel' };

interface Props {
  schedules: readonly Schedule[];
  onEdit(schedule: Schedule): void;
  onChanged(): void;
}

export function ScheduleTable({ schedules, onEdit, onChanged }: Props) {
  return (
    <table>
      <caption>Schedules, by id</caption>
      <thead>
        <tr>
          <th scope="col">Schedule</th>
          <th scope="col">When</th>
          <th scope="col">Overlap</th>
          <th scope="col">Next run</th>
          <th scope="col">Last run</th>
          <ActionsHead />
        </tr>
      </thead>
      <tbody>
        {schedules.map((schedule) => (
          <tr key={schedule.id} data-testid="schedule-row" data-schedule={schedule.id}>
            <th scope="row">
              <span className={classes.name}>
                {schedule.id}
                {schedule.paused && <Mark colour="retrying">Paused</Mark>}
              </span>
              <div className={classes.under}>
                {schedule.task.kind} in {schedule.task.queue ?? 'default'}
              </div>
              <div className={classes.under}>
                <Link to="/" search={{ schedule: schedule.id }} aria-label={`Runs of ${schedule.id}`}>
                  Runs
                </Link>
              </div>
            </th>
            <td>
              <span className="mono">{schedule.cron}</span>
              <div className={classes.under}>
                {[cronInWords(schedule.cron), schedule.time_zone].filter(Boolean).join(', ')}
              </div>
            </td>
            <td>{overlaps[schedule.overlap] ?? schedule.overlap}</td>
            <td className="numbers" data-testid="next-run">
              <NextRun schedule={schedule} />
            </td>
            <td className="numbers" data-testid="last-run">
              <LastRun schedule={schedule} />
            </td>
            <ScheduleActions schedule={schedule} onEdit={onEdit} onChanged={onChanged} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NextRun({ schedule: { next_run_at, paused } }: { schedule: Schedule }) {
  const now = useNow();
  if (next_run_at === undefined) return <span className={classes.none}>{paused ? 'paused' : 'never again'}</span>;
  const seconds = (Date.parse(next_run_at) - now) / 1_000;
  return (
    <>
      {seconds < 1 ? 'now' : `in ${duration(seconds)}`}
      <div className={classes.under}>{moment(next_run_at)}</div>
    </>
  );
}

function LastRun({ schedule: { last_run_at, last_task_id, last_skipped_at } }: { schedule: Schedule }) {
  const now = useNow();
  const ago = (at: string) => {
    const words = age((now - Date.parse(at)) / 1_000);
    return words === 'now' ? words : `${words} ago`;
  };
  if (last_run_at === undefined) return <span className={classes.none}>never</span>;
  const when = ago(last_run_at);
  const skipped = last_skipped_at !== undefined && last_skipped_at > last_run_at;
  return (
    <>
      {last_task_id === undefined ? (
        when
      ) : (
        <Link to="/tasks/$id" params={{ id: last_task_id }} title={moment(last_run_at)}>
          {when}
        </Link>
      )}
      {skipped && (
        <div className={classes.under} title={moment(last_skipped_at)}>
          skipped {ago(last_skipped_at)}
        </div>
      )}
    </>
  );
}
