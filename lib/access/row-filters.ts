import type { Pattern } from './pattern.ts';

/** Limits which records of the topics a caller sees: only those whose field has the value of the caller's claim. */
export interface RowFilter {
  readonly topics: Pattern;
  /** `key`, `header.<name>`, or `value.<path>`. */
  readonly field: string;
  /** The name of a claim, or the path to a nested claim, joined by dots. */
  readonly claim: string;
}

const ROW = /^([A-Za-z0-9._-]+\*?|\*)\s*:\s*(key|header\.\S+|value\.(?:\$\.)?\S+)\s*==\s*\{claim\.([^{}\s]+)\}$/;

/**
 * Reads filters `topic-pattern: field == {claim.name}`, separated by `;` or line breaks.
 *
 * @throws {Error} with the place of the first malformed one
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
