import { elementsOf, membersOf, textOf } from './exact-json.ts';
import { noteLimit } from './limit-left.ts';
import { headers as credentials, expire } from './session.ts';
import { settings } from './settings.ts';

/** An answer of the API's that is an error, or none at all. */
export class ApiError extends Error {
  /** 0 where there is no answer. */
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

/** A request besides its path. */
export interface Ask {
  /** What comes before the path, where that is not the gateway's own address. */
  base?: string;
  method?: string;
  accept?: string;
  contentType?: string;
  body?: string;
  signal?: AbortSignal | null;
  /** Who is asking, where that is not whoever has signed in. */
  as?: Readonly<Record<string, string>>;
}

/**
 * Asks the API, as whoever has signed in.
 *
 * @throws {ApiError} for any answer but one of success
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
    // A browser asks for no password by itself then; certificates are shown only with it.
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

/** @throws {ApiError} of status 0 where nobody answers */
async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new ApiError('The gateway cannot be reached: look whether you are connected, then try again', 0, '', '');
  }
}

/** What to do about an answer of those in front of the gateway, who do not say. */
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

/** The text of an answer in JSON. */
export const askText = async (path: string, options: Ask = {}): Promise<string> => (await ask(path, options)).text();

/** Members of an answer that is an object, each as its text. */
export const askMembers = async (path: string, options: Ask = {}): Promise<Map<string, string>> => membersOf(await askText(path, options));

/** Rows of a list in JSON: the members of each of its objects as text. */
export const rowsOf = (json: string | undefined): Map<string, string>[] => (json?.startsWith('[') ? elementsOf(json).map(membersOf) : []);

/** The text of a member; a dash where it is null, or missing. */
export function shown(members: ReadonlyMap<string, string>, name: string): string {
  const json = members.get(name);
  return json === undefined || json === 'null' ? '–' : textOf(json);
}
