import { isPlainObject } from '../misfit.ts';
import { type Draft, draftOf, subschemasIn } from './drafts.ts';
import type { Vocabularies } from './vocabularies.ts';

/** A schema with its own URI, together with the schemas in it that have none. */
export interface Resource {
  /** Its URI without a fragment. */
  base: string;
  draft: Draft;
  /** The URI of its metaschema, from `$schema`; null if it names none. */
  metaschema: string | null;
  root: unknown;
  /** Schemas by their anchors. */
  anchors: Map<string, unknown>;
  /** The anchors that an outer schema may replace. */
  dynamicAnchors: Map<string, unknown>;
}

/** A schema and its resource. */
export interface Located {
  schema: unknown;
  resource: Resource;
}

/** The base URI of schemas without one, to resolve relative URIs. */
const NOWHERE = 'schema://schema/';
/** How deep schemas may be nested. */
const MAX_DEPTH = 500;
/** More than the largest schemas in use have. */
const MOST_SCHEMAS = 50_000;

/** Finds the schemas of several documents by URI. */
export class SchemaIndex {
  readonly #resources = new Map<string, Resource>();
  readonly #places = new Map<object, Resource>();
  readonly #names = new Map<string, Resource>();
  #count = 0;

  /**
   * Adds a document. If a URI is already known, it keeps its schema.
   *
   * @param name by which others refer to it
   * @param near the resource whose URI is the base of the name
   * @throws {Error} when it is not a schema, or too large
   */
  add(document: unknown, name: string | null, near: Resource | null): Resource {
    if (typeof document !== 'boolean' && !isPlainObject(document)) throw new Error('a JSON Schema must be an object or a boolean');
    const draft = (isPlainObject(document) ? draftOf(document) : null) ?? near?.draft ?? 7;
    const base = name === null ? NOWHERE : addressOf(name, near?.base ?? NOWHERE);
    const metaschema = near?.metaschema ?? null;
    const outer: Resource = { base, draft, metaschema, root: document, anchors: new Map(), dynamicAnchors: new Map() };
    const resource = this.#enter(document, outer, 0, true);
    if (name !== null) this.#names.set(name, resource);
    for (const address of [base, ...(name === null ? [] : [addressOf(name, NOWHERE)])]) {
      if (!this.#resources.has(address)) this.#resources.set(address, resource);
    }
    return resource;
  }

  /** The resource of a schema that has been added. */
  resourceOf(schema: object): Resource | undefined {
    return this.#places.get(schema);
  }

  /** The vocabularies that a resource's metaschema names; null if the metaschema is not among the documents. */
  vocabulariesOf({ metaschema, base }: Resource): Vocabularies | null {
    const address = metaschema === null ? null : URL.parse(metaschema, base);
    const described = address === null ? undefined : this.#resources.get(splitAt(address.href, '#')[0])?.root;
    return isPlainObject(described) && isPlainObject(described.$vocabulary) ? described.$vocabulary : null;
  }

  /**
   * Resolves a reference.
   *
   * @throws {Error} when it leads nowhere
   */
  find(reference: string, from: Resource): Located {
    const [name, fragment = ''] = splitAt(reference, '#');
    const resource = name === '' ? from : (this.#resources.get(addressOf(name, from.base)) ?? this.#names.get(name));
    if (resource === undefined) throw new Error(`it refers to ${shown(reference)}, which is neither in it nor among its references`);
    const pointer = decoded(fragment);
    if (pointer === '' || pointer.startsWith('/')) return this.#follow(pointer, resource, reference);
    const schema = resource.anchors.get(pointer);
    if (schema === undefined) throw new Error(`it refers to ${shown(reference)}, and has nothing of that name`);
    return { schema, resource };
  }

  #follow(pointer: string, start: Resource, reference: string): Located {
    let found = start.root;
    let resource = start;
    for (const step of pointer.split('/').slice(1)) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const member: unknown =
        typeof found === 'object' && found !== null && Object.hasOwn(found, name) ? Reflect.get(found, name) : undefined;
      if (member === undefined) throw new Error(`it refers to ${shown(reference)}, and has nothing there`);
      found = member;
      resource = (isPlainObject(found) ? this.#places.get(found) : undefined) ?? resource;
    }
    // A pointer may lead to a schema under an unknown keyword.
    if (isPlainObject(found) && !this.#places.has(found)) resource = this.#enter(found, resource, 0, false);
    return { schema: found, resource };
  }

  /** @returns the resource that the schema begins or belongs to */
  #enter(schema: unknown, outer: Resource, depth: number, isDocument: boolean): Resource {
    if (!isPlainObject(schema)) return outer;
    if (this.#places.has(schema)) return outer;
    if (depth > MAX_DEPTH) throw new Error(`its schemas are nested deeper than ${MAX_DEPTH} levels`);
    if (++this.#count > MOST_SCHEMAS) throw new Error(`it has more than ${MOST_SCHEMAS} schemas in it: divide it, or leave some out`);
    const resource = this.#resourceFor(schema, outer, isDocument);
    this.#places.set(schema, resource);
    addAnchors(schema, resource);
    for (const keyword of subschemasIn.one) if (!Array.isArray(schema[keyword])) this.#enter(schema[keyword], resource, depth + 1, false);
    for (const keyword of subschemasIn.list) this.#enterAll(schema[keyword], resource, depth);
    for (const keyword of subschemasIn.map) {
      const members = schema[keyword];
      if (isPlainObject(members)) this.#enterAll(Object.values(members), resource, depth);
    }
    return resource;
  }

  #enterAll(schemas: unknown, resource: Resource, depth: number): void {
    if (Array.isArray(schemas)) for (const schema of schemas) this.#enter(schema, resource, depth + 1, false);
  }

  #resourceFor(schema: Readonly<Record<string, unknown>>, outer: Resource, isDocument: boolean): Resource {
    const draft = draftOf(schema) ?? outer.draft;
    const metaschema = typeof schema.$schema === 'string' ? schema.$schema : outer.metaschema;
    const id = draft === 4 ? schema.id : schema.$id;
    const isOverridden = draft <= 7 && typeof schema.$ref === 'string';
    const [address, fragment] = typeof id === 'string' && !isOverridden ? splitAt(id, '#') : [''];
    const resource =
      address === ''
        ? isDocument
          ? { ...outer, draft, metaschema }
          : outer
        : { base: addressOf(address, outer.base), draft, metaschema, root: schema, anchors: new Map(), dynamicAnchors: new Map() };
    if (fragment && draft <= 7) resource.anchors.set(fragment, schema);
    if (address !== '' && !this.#resources.has(resource.base)) this.#resources.set(resource.base, resource);
    return resource;
  }
}

function addAnchors(schema: Readonly<Record<string, unknown>>, { draft, anchors, dynamicAnchors }: Resource): void {
  const { $anchor, $dynamicAnchor, $recursiveAnchor } = schema;
  if (draft < 2019) return;
  if (typeof $anchor === 'string') anchors.set($anchor, schema);
  if (typeof $dynamicAnchor === 'string' && draft === 2020) {
    anchors.set($dynamicAnchor, schema);
    dynamicAnchors.set($dynamicAnchor, schema);
  }
  if ($recursiveAnchor === true && draft === 2019) dynamicAnchors.set('', schema);
}

function splitAt(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function addressOf(reference: string, base: string): string {
  const address = URL.parse(reference, base)?.href;
  if (address === undefined) throw new Error(`the address ${shown(reference)} is none`);
  return splitAt(address, '#')[0];
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 80));
