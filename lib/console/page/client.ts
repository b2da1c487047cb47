import { elementsOf, membersOf, textOf } from './exact-json.ts';
import { noteLimit } from './limit-left.ts';
import { headers as credentials, expire } from './session.ts';
import { settings } from './settings.ts';

/** An error response of the API, or no response at all. */
export class ApiError extends Error {
  /** 0 when there is no response. */
  readonly status: number;
  readonly code: string;
  readonly requestId: string;

  constructor(message: string, status: number, code: string, requestId: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** A request, without its path. */
export interface Ask {
  /** The prefix of the path, if it is not the gateway's own address. */
  base?: string;
  method?: string;
  accept?: string;
  contentType?: string;
  body?: string;
  signal?: AbortSignal | null;
  /** The caller's headers, if they are not those of the signed-in caller. */
  as?: Readonly<Record<string, string>>;
}

/**
 * Sends a request to the API as the signed-in caller.
 *
 * @throws {ApiError} for any response but a success
 */
export async function ask(
  path: string,
  { base = settings.base, method = 'GET', accept = 'application/json', contentType, body, signal = null, as }: Ask = {},
): Promise<Response> {
  const who = as ?? (await credentials());
  const response = await reach(`${base}${path}`, {
    method,
    signal,
    cache: 'no-store',
    // With `omit`, a browser never asks for a password itself; but only `same-origin` sends client certificates.
    credentials: settings.auth.includes('mtls') ? 'same-origin' : 'omit',
    headers: { accept, ...(contentType !== undefined && { 'content-type': contentType }), ...who },
    body: body ?? null,
  });
  noteLimit(response.headers);
  if (response.ok) return response;
  const error = await errorOf(response);
  if (response.status === 401 && as === undefined) expire();
  throw error;
}

/** @throws {ApiError} of status 0 without a response */
async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new ApiError('The gateway cannot be reached: look whether you are connected, then try again', 0, '', '');
  }
}

/** Advice for responses of services in front of the gateway, which give none. */
const REMEDIES: Readonly<Record<number, string>> = {
  401: 'sign in',
  403: 'sign in as somebody who may do this, or ask whoever runs the gateway for a grant',
  404: 'look whether its name is right, and the address',
  413: 'send less at a time',
  429: 'wait a moment, then try again',
  502: 'wait a moment, then try again',
  503: 'wait a moment, then try again',
  504: 'try again, with less at a time',
};

async function errorOf(response: Response): Promise<ApiError> {
  const { status, headers } = response;
  const text = await response.text();
  const requestId = headers.get('x-request-id') ?? '';
  const remedy = REMEDIES[status] === undefined ? '' : `: ${REMEDIES[status]}`;
  try {
    const members = membersOf(text);
    const code = members.get('error_code') ?? '';
    return new ApiError(`${textOf(members.get('message') ?? text)}${code === '' ? remedy : ''}`, status, code, requestId);
  } catch {
    return new ApiError(`The gateway answered ${status}${remedy}`, status, '', requestId);
  }
}

/** A JSON response as text. */
export const askText = async (path: string, options: Ask = {}): Promise<string> => (await ask(path, options)).text();

/** The members of a response that is an object, each as its JSON text. */
export const askMembers = async (path: string, options: Ask = {}): Promise<Map<string, string>> => membersOf(await askText(path, options));

/** The rows of a JSON list: the members of each object as JSON text. */
export const rowsOf = (json: string | undefined): Map<string, string>[] => (json?.startsWith('[') ? elementsOf(json).map(membersOf) : []);

/** The text of a member; a dash when it is null or missing. */
export function shown(members: ReadonlyMap<string, string>, name: string): string {
  const json = members.get(name);
  return json === undefined || json === 'null' ? '–' : textOf(json);
}
