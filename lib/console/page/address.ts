/** What the address shows: path and parameters. It holds the whole state of a view, without credentials. */
export interface Address {
  path: readonly string[];
  parameters: URLSearchParams;
}

/** Reads the part of an address after its `#`. */
export function readAddress(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s);
  return { path: path.split('/').filter(Boolean).map(decode), parameters: new URLSearchParams(query) };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** An address of the page, for links. Parameters that are null or empty are left out. */
export function addressOf(path: readonly string[], parameters: Readonly<Record<string, string | readonly string[] | null>> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) if (one !== '') query.append(name, one);
  }
  const text = query.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

/** The same address with other parameters. */
export function withParameters(
  { path, parameters }: Address,
  changes: Readonly<Record<string, string | readonly string[] | null>>,
): string {
  const all: Record<string, string | readonly string[] | null> = {};
  for (const name of parameters.keys()) all[name] = parameters.getAll(name);
  return addressOf(path, { ...all, ...changes });
}
