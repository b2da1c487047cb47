import type { Caller } from '../../access/caller.ts';
import { accessConfig } from '../../config/access.ts';
import { allVisible, type VisibleRecords } from '../../kafka/fetch/visible-records.ts';
import { ClaimedRecords } from './claimed-records.optional.ts';

/** Which records a caller may see, by GATEWAY_ROW_FILTERS: without the claim that a filter uses, none of the filter's topics. */
export function visibleTo({ claims = {} }: Caller): VisibleRecords {
  const { rowFilters } = accessConfig();
  if (rowFilters.length === 0) return allVisible;
  const claimed = new ClaimedRecords(rowFilters, claims);
  return (topic) => claimed.of(topic);
}
