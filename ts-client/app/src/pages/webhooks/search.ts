// Which of a webhook's deliveries are shown, as the page's address says it.

import type { State, TaskFilter } from '../../api';
import { OWN_QUEUE } from '../../live/own';
import { type Filters, readFilters } from '../tasks/filters';

export interface DeliverySearch {
  state?: State[];
}

/** Reads what an address says; what cannot be understood is as if it were not there. */
export function readDeliveries(search: Record<string, unknown>): DeliverySearch {
  const { state } = readFilters(search);
  return state === undefined ? {} : { state };
}

/** A webhook's deliveries, as streams and lists find them. */
export function deliveriesOf(webhook: string): TaskFilter {
  return { queue: OWN_QUEUE, labels: { webhook } };
}

/** The same, of some states, as a page has its filters. */
export function filtersOf(webhook: string, { state }: DeliverySearch): Filters {
  return { queue: OWN_QUEUE, label: [`webhook=${webhook}`], ...(state && { state }) };
}
