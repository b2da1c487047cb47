/**
 * The current position in a request, for error messages: `records[3].headers[1].value`; also what is counted over all its records. One
 * object serves a whole request, so valid records cost no text.
 */
export class Place {
  /** The array of the records, as error messages name it. */
  readonly list: string;
  record = 0;
  /** Index in the record's headers; -1 outside of them. */
  header = -1;
  /** A member of the record or header; empty for the record or header itself. */
  field = '';
  /** A member of the field, if the field is an object; empty for the field itself. */
  part = '';
  /** How many headers the request has so far. */
  headers = 0;
  /** How many bytes of the request were parsed as whole JSON values. */
  parsedBytes = 0;

  constructor(list = 'records') {
    this.list = list;
  }

  /** Moves on to a record, and clears the rest of the position. */
  begin(record: number): void {
    this.record = record;
    this.header = -1;
    this.field = '';
    this.part = '';
  }

  /** The record or header that contains the field. */
  owner(): string {
    const record = `${this.list}[${this.record}]`;
    return this.header < 0 ? record : `${record}.headers[${this.header}]`;
  }

  toString(): string {
    const field = this.field === '' ? this.owner() : `${this.owner()}.${this.field}`;
    return this.part === '' ? field : `${field}.${this.part}`;
  }
}
