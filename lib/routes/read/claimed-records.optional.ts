import { matches } from '../../access/pattern.ts';
import type { RowFilter } from '../../access/row-filters.ts';
import { notConfigured } from '../../messages/requests.ts';
import { fieldIsOneOf, type RecordFilter } from '../../records/responses/record-filter.ts';

/** The records that a caller with these claims may see. Only the zips of deployments that may have row filters contain this class. */
export class ClaimedRecords {
  readonly #rowFilters: readonly RowFilter[];
  readonly #claims: Readonly<Record<string, readonly string[]>>;
  readonly #known = new Map<string, RecordFilter | null>();

  constructor(rowFilters: readonly RowFilter[], claims: Readonly<Record<string, readonly string[]>>) {
    this.#rowFilters = rowFilters;
    this.#claims = claims;
  }

  /** @returns null if the caller may see all records of the topic; without the claim of a filter, it may see none */
  of(topic: string): RecordFilter | null {
    const found = this.#known.get(topic);
    if (found !== undefined) return found;
    const conditions = this.#rowFilters
      .filter(({ topics }) => matches(topics, topic))
      .map(({ field, claim }) => conditionOf(field, Object.hasOwn(this.#claims, claim) ? this.#claims[claim] : []));
    const filter: RecordFilter | null = conditions.length === 0 ? null : (record) => conditions.every((holds) => holds(record));
    this.#known.set(topic, filter);
    return filter;
  }
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
