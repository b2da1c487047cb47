import { createServer } from 'node:http';
import type { TestContext } from 'node:test';
import { listenDuring } from '../http/loopback.ts';
import type { RoleKeys } from '../kafka/msk-iam-broker.ts';

/** Replaces STS. */
export interface Sts {
  url: string;
  /** The requests so far. */
  requests: { Action: string | null; RoleArn: string | null; RoleSessionName: string | null }[];
  /** The lifetime of new keys in seconds; null to refuse requests. */
  lifeS: number | null;
}

/** Starts one until the test ends. It gives these keys to whoever assumes any role. */
export async function startSts(t: TestContext, keys: RoleKeys, lifeS: number | null): Promise<Sts> {
  const server = createServer(async (request, response) => {
    const body = new URLSearchParams((await request.toArray()).join(''));
    sts.requests.push({ Action: body.get('Action'), RoleArn: body.get('RoleArn'), RoleSessionName: body.get('RoleSessionName') });
    response.setHeader('content-type', 'text/xml');
    if (sts.lifeS === null) response.writeHead(403).end(DENIED);
    else response.end(granted(keys, new Date(Date.now() + sts.lifeS * 1000)));
  });
  const url = await listenDuring(t, server);
  const sts: Sts = { url, requests: [], lifeS };
  return sts;
}

const error = '<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error>';
const DENIED = `<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>`;

function granted({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN }: RoleKeys, end: Date): string {
  const secret = `<SecretAccessKey>${AWS_SECRET_ACCESS_KEY}</SecretAccessKey><SessionToken>${AWS_SESSION_TOKEN}</SessionToken>`;
  const credentials = `<AccessKeyId>${AWS_ACCESS_KEY_ID}</AccessKeyId>${secret}<Expiration>${end.toISOString()}</Expiration>`;
  const result = `<AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult>`;
  return `<AssumeRoleResponse>${result}</AssumeRoleResponse>`;
}
