import type { Webhook } from '../../api';
import { Mark } from '../../parts/Mark';
import classes from './webhooks.module.css';

/** Whether anything is told, and why it is not where the server decided so. */
export function Enabled({ webhook: { enabled, disabled_reason } }: { webhook: Webhook }) {
  if (enabled) return <Mark colour="succeeded">Enabled</Mark>;
  return (
    <>
      <Mark colour="retrying">Disabled</Mark>
      {disabled_reason !== undefined && <div className={classes.under}>{disabled_reason}</div>}
    </>
  );
}
