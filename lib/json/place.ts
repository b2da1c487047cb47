/**
 * Where in a request reading has come to, for error messages: `records[3].headers[1].value`; and what it has had that is counted for all
 * of its records. One object serves a whole request, so that no text is made for the records that are right.
 */
export class Place {
  /** The array that records stand in, or would. */
  readonly list: string;
  record = 0;
  /** Index in the record's headers; -1 outside of them. */
  header = -1;
  /** A member of the record or header; empty for the whole of it. */
  field = '';
  /** A member of the field, where that is an object; empty for the whole of it. */
  part = '';
  /** Headers that the request has so far. */
  headers = 0;
  /** Bytes of JSON of the request that were parsed whole. */
  parsedBytes = 0;

  constructor(list = 'records') {
    this.list = list;
  }

  /** Goes on to a record, whatever had been reached of another. */
  begin(record: number): void {
    this.record = record;
    this.header = -1;
    this.field = '';
    this.part = '';
  }

  /** The record or header that has the field. */
  owner(): string {
    const record = `${this.list}[${this.record}]`;
    return this.header < 0 ? record : `${record}.headers[${this.header}]`;
  }

  toString(): string {
    const field = this.field === '' ? this.owner() : `${this.owner()}.${this.field}`;
    return this.part === '' ? field : `${field}.${this.part}`;
  }
}
