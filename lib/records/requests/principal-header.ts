import type { NewRecord } from '../../kafka/record.ts';

/**
 * Says in a header of every record who has written it, or how that is known; nothing where nobody is known. What a client has put into that header, in capital
 * or small letters, is left out: nobody can write in another's name.
 */
export function withPrincipal(records: readonly NewRecord[], name: string, principal: string | null): void {
  const forged = name.toLowerCase();
  const own = principal === null ? [] : [{ key: name, value: Buffer.from(principal) }];
  for (const record of records) {
    const headers = [...(record.headers ?? []).filter(({ key }) => key.toLowerCase() !== forged), ...own];
    record.headers = headers.length === 0 ? null : headers;
  }
}
