import type { Caller } from '../../access/caller.ts';
import { matches } from '../../access/pattern.ts';
import { accessConfig } from '../../config/access.ts';
import type { VisibleRecords } from '../../kafka/fetch/visible-records.ts';
import { notConfigured } from '../../messages/requests.ts';
import { fieldIsOneOf, type RecordFilter } from '../../records/responses/record-filter.ts';

/** Which records a caller may see, by GATEWAY_ROW_FILTERS: without the claim that a filter uses, none of the filter's topics. */
export function visibleTo({ claims = {} }: Caller): VisibleRecords {
  const { rowFilters } = accessConfig();
  const known = new Map<string, RecordFilter | null>();
  return (topic) => {
    const found = known.get(topic);
    if (found !== undefined) return found;
    const conditions = rowFilters
      .filter(({ topics }) => matches(topics, topic))
      .map(({ field, claim }) => conditionOf(field, Object.hasOwn(claims, claim) ? claims[claim] : []));
    const filter: RecordFilter | null = conditions.length === 0 ? null : (record) => conditions.every((holds) => holds(record));
    known.set(topic, filter);
    return filter;
  };
}

/** An unreadable path hides everything: the mistake is in the configuration, not in the request. */
function conditionOf(field: string, texts: readonly string[]): RecordFilter {
  try {
    return fieldIsOneOf(field, texts);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw notConfigured.with({ cause: new Error(`Configuration: GATEWAY_ROW_FILTERS: ${field}: ${why}`) });
  }
}
