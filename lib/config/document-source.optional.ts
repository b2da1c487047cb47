import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AwsClient } from 'aws4fetch';
import { endpointOf } from './aws.ts';
import { type DocumentVariables, readDocument } from './document.ts';
import type { Environment } from './environment-reader.ts';

/** The result of a look at the document. */
export interface DocumentLook {
  /** The newest valid version, if it differs from the one in use; else null. */
  readonly taken: { readonly version: string; readonly variables: DocumentVariables } | null;
  /** The newest version, if it is invalid; else null. */
  readonly refused: { readonly version: string; readonly problem: string } | null;
}

/** Thrown when a retry does not help: the document does not exist, or the gateway may not read it. */
class DocumentDenied extends Error {
  override readonly name = 'DocumentDenied';
}

/** Looks at the document again. Rejects when it cannot be read: with a DocumentDenied, or with any other error if a retry may help. */
export type LookAtDocument = () => Promise<DocumentLook>;

interface Written {
  readonly version: string;
  readonly text: string;
  /** The version before; null if there is none, or if old versions are not kept. */
  readonly before: string | null;
}

/** Reads a version of a document; null means the newest. */
type Fetch = (version: string | null) => Promise<Written>;

/** If the newest version is invalid, a process that starts tries this many versions before it. */
const MOST_BEFORE = 10;
const FETCH_MS = 3000;
/** The types of SSM errors for which a retry does not help. */
const DENIED = /NotFound|AccessDenied|InvalidKeyId|UnrecognizedClient|Validation/;

/** Opens the document that the variables name; null if they name none. */
export function openDocument(environment: Environment): LookAtDocument | null {
  const [name, path] = [environment.GATEWAY_CONFIG_PARAMETER?.trim(), environment.GATEWAY_CONFIG_FILE?.trim()];
  if (name) return lookAt(parameter(name, environment), environment);
  return path ? lookAt(file(path), environment) : null;
}

function lookAt(fetchVersion: Fetch, environment: Environment): LookAtDocument {
  let current: string | null = null;
  return async () => {
    let refused: DocumentLook['refused'] = null;
    let asked: string | null = null;
    for (let tries = 0; tries <= MOST_BEFORE; tries++) {
      const { version, text, before } = await fetchVersion(asked);
      if (version === current) return { taken: null, refused };
      try {
        const variables = readDocument(text, environment);
        current = version;
        return { taken: { version, variables }, refused };
      } catch (error) {
        refused ??= { version, problem: error instanceof Error ? error.message : String(error) };
      }
      // A process that has a valid version keeps it.
      if (current !== null || before === null) break;
      asked = before;
    }
    return { taken: null, refused };
  };
}

/** A parameter of SSM Parameter Store, which numbers versions and keeps the last hundred. */
function parameter(name: string, environment: Environment): Fetch {
  const region = environment.AWS_REGION ?? 'us-east-1';
  const url = environment.AWS_ENDPOINT_URL_SSM ?? environment.AWS_ENDPOINT_URL ?? endpointOf('ssm', region);
  return async (version) => {
    // Read the credentials each time: those of a container change.
    const client = new AwsClient({
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
      ...(environment.AWS_SESSION_TOKEN && { sessionToken: environment.AWS_SESSION_TOKEN }),
      ...{ service: 'ssm', region, retries: 0 },
    });
    const response = await client.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' },
      body: JSON.stringify({ Name: version === null ? name : `${name}:${version}`, WithDecryption: true }),
      signal: AbortSignal.timeout(FETCH_MS),
    });
    const answer: { Parameter?: { Value?: string; Version?: number }; __type?: string } = JSON.parse(await response.text());
    const { Value, Version } = answer.Parameter ?? {};
    if (!response.ok || Value === undefined || Version === undefined) {
      const Denial = DENIED.test(answer.__type ?? '') ? DocumentDenied : Error;
      throw new Denial(`SSM did not give the parameter ${name}: ${response.status} ${answer.__type ?? ''}`);
    }
    return { version: String(Version), text: Value, before: Version > 1 ? String(Version - 1) : null };
  };
}

/** A file, for self-hosted gateways. */
const file =
  (path: string): Fetch =>
  async () => {
    const text = await readFile(path, 'utf8');
    return { version: createHash('sha256').update(text).digest('hex').slice(0, 12), text, before: null };
  };
