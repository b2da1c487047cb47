import type { Pattern } from './pattern.ts';

/** The records of topics that callers see who have a claim: those in which a field is what the claim says. */
export interface RowFilter {
  readonly topics: Pattern;
  /** `key`, `header.<name>`, or `value.<path>`. */
  readonly field: string;
  /** The name of a claim, or the names that lead to it, joined by dots. */
  readonly claim: string;
}

const ROW = /^([A-Za-z0-9._-]+\*?|\*)\s*:\s*(key|header\.\S+|value\.(?:\$\.)?\S+)\s*==\s*\{claim\.([^{}\s]+)\}$/;

/**
 * Reads filters as `topic-pattern: field == {claim.name}`, several separated by `;` or line breaks.
 *
 * @throws {Error} naming the first one that is none
 */
export const parseRowFilters = (text: string): RowFilter[] =>
  text
    .split(/[;\n]/)
    .map((row) => row.trim())
    .filter((row) => row !== '')
    .map((row, index) => {
      const [, topics, field, claim] = ROW.exec(row) ?? [];
      if (topics === undefined || field === undefined || claim === undefined) {
        throw new Error(`filter ${index + 1} must be like orders*: header.tenant == {claim.tenant}`);
      }
      return { topics, field: field.replace(/^value\.\$\./, 'value.'), claim };
    });
