import type { ReactNode } from 'react';

import classes from './parts.module.css';

interface Props {
  icon: ReactNode;
  title: string;
  text: ReactNode;
  children?: ReactNode;
  /** It is the page's whole content, and its title the page's. */
  whole?: boolean;
  /** For states that appear after the page did, so that screen readers say them. */
  role?: 'alert' | 'status';
}

/** What stands where content would be: nothing yet, not found, failed. */
export function Blank({ icon, title, text, children, whole = false, role }: Props) {
  const Title = whole ? 'h1' : 'h2';
  return (
    <div className={classes.blank} role={role}>
      {icon}
      <Title className={classes.blankTitle}>{title}</Title>
      <div className={classes.blankText}>{text}</div>
      {children}
    </div>
  );
}
