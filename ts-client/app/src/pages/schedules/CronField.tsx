import { TextInput, type TextInputProps } from '@mantine/core';

import { cronInWords } from './cron';
import classes from './schedules.module.css';

/** A rule as it is typed, and what it says in words. */
export function CronField({ rule, zone, ...field }: { rule: string; zone: string } & TextInputProps) {
  const words = cronInWords(rule);
  return (
    <div>
      <TextInput
        label="When"
        description="Minute, hour, day, month, weekday; six fields begin with seconds"
        placeholder="30 9 * * MON-FRI"
        spellCheck={false}
        withAsterisk
        classNames={{ input: classes.rule }}
        {...field}
      />
      <p className={classes.words} role="status" data-testid="cron-words">
        {rule.trim() === '' ? '\u00a0' : words === undefined ? 'Not a rule as far as this page can tell' : `${words}, ${zone || 'UTC'}`}
      </p>
    </div>
  );
}
