import { request as httpRequest } from 'node:http';
import { AwsV4Signer } from 'aws4fetch';
import type { MiniStack } from '../harness/aws/ministack.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer<ArrayBuffer>;
  /** The caller; the account's root user by default, nobody when null. */
  credentials?: Credentials | null;
}

/** Calls a deployed API as its clients do, signed with AWS credentials, and connects to MiniStack in place of the API's own host. */
export async function call(aws: MiniStack, url: string, options: RequestOptions = {}): Promise<HttpResponse> {
  const { method = 'GET', body, credentials = aws.credentials } = options;
  const headers = new Headers(options.headers);
  if (credentials !== null) {
    const signer = new AwsV4Signer({
      ...credentials,
      url,
      method,
      headers,
      region: aws.region,
      service: 'execute-api',
      ...(body !== undefined && { body }),
    });
    const signed = await signer.sign();
    for (const [name, value] of signed.headers) headers.set(name, value);
  }
  const { host, pathname, search } = new URL(url);
  const { hostname, port } = new URL(aws.endpoint);
  const target = { hostname, port, method, path: pathname + search, headers: { ...Object.fromEntries(headers), host } };

  return new Promise((resolve, reject) => {
    const request = httpRequest(target, async (response) => {
      try {
        const chunks = await response.toArray();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() });
      } catch (error) {
        reject(error);
      }
    });
    request.on('error', reject);
    request.end(body);
  });
}
