import type { NewRecord } from '../../kafka/record.ts';

/**
 * Adds to every record a header that says who wrote it, or how the caller was authenticated; adds none for null. Removes a client's own
 * header of that name, in upper or lower case, so that nobody can write in another's name.
 */
export function withPrincipal(records: readonly NewRecord[], name: string, principal: string | null): void {
  const forged = name.toLowerCase();
  const own = principal === null ? [] : [{ key: name, value: Buffer.from(principal) }];
  for (const record of records) {
    const headers = [...(record.headers ?? []).filter(({ key }) => key.toLowerCase() !== forged), ...own];
    record.headers = headers.length === 0 ? null : headers;
  }
}
