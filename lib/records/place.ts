/**
 * Where in a request reading has come to, for error messages: `records[3].headers[1].value`. One object serves a whole request, so
 * that no text is made for the records that are right.
 */
export class Place {
  record = 0;
  /** Index in the record's headers; -1 outside of them. */
  header = -1;
  /** A member of the record or header; empty for the whole of it. */
  field = '';

  /** The record or header that has the field. */
  owner(): string {
    return this.header < 0 ? `records[${this.record}]` : `records[${this.record}].headers[${this.header}]`;
  }

  toString(): string {
    return this.field === '' ? this.owner() : `${this.owner()}.${this.field}`;
  }
}
