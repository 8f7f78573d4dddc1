import type { ReactNode } from 'react';

import classes from './parts.module.css';

interface Props {
  icon: ReactNode;
  title: string;
  text: ReactNode;
  children?: ReactNode;
  /** For states that appear after the page did, so that screen readers say them. */
  role?: 'alert' | 'status';
}

/** What stands where content would be: nothing yet, not found, failed. */
export function Blank({ icon, title, text, children, role }: Props) {
  return (
    <div className={classes.blank} role={role}>
      {icon}
      <h2 className={classes.blankTitle}>{title}</h2>
      <div className={classes.blankText}>{text}</div>
      {children}
    </div>
  );
}
