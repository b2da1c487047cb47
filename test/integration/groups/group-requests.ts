import { randomUUID } from 'node:crypto';
import { type Answer, call, type RequestParts } from '../../harness/http/gateway.ts';

export interface ListedGroup {
  group_id: string;
  type: 'classic' | 'consumer';
  state: string;
  protocol_type: string;
}

export interface DescribedGroup extends ListedGroup {
  protocol: string;
  members: {
    member_id: string;
    instance_id: string | null;
    client_id: string;
    host: string;
    assignments: { topic: string; partitions: number[] }[] | null;
  }[];
}

export interface GroupOffsets {
  offsets: {
    topic: string;
    partition: number;
    offset: number | null;
    metadata: string | null;
    end_offset?: number | null;
    lag?: number | null;
  }[];
}

/** A name that no group has. */
export const newGroup = (): string => `group-${randomUUID()}`;

const pathOf = (group: string): string => `/groups/${encodeURIComponent(group)}`;

export async function listGroups(parts: RequestParts = {}): Promise<ListedGroup[]> {
  const { json } = await call<{ groups: ListedGroup[] }>('GET', '/groups', parts);
  return json.groups;
}

export const describe = (group: string, parts: RequestParts = {}): Promise<Answer<DescribedGroup>> => call('GET', pathOf(group), parts);

export const offsetsOf = (
  group: string,
  query: Record<string, string | number> = {},
  parts: RequestParts = {},
): Promise<Answer<GroupOffsets>> => call('GET', `${pathOf(group)}/offsets`, { query, ...parts });

/** Commits what is given, as it stands in the body. */
export const put = (group: string, offsets: object[], parts: RequestParts = {}): Promise<Answer<GroupOffsets>> =>
  call('PUT', `${pathOf(group)}/offsets`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ offsets }),
    ...parts,
  });

export const deleteFrom = (
  group: string,
  what: '' | '/offsets' = '',
  query: Record<string, string | number> = {},
  parts: RequestParts = {},
): Promise<Answer> => call('DELETE', `${pathOf(group)}${what}`, { query, ...parts });
