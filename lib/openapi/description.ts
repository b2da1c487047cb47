import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A reference to a part of the description under `components`. */
export interface Reference {
  $ref: string;
}

/** The parts of JSON Schema that openapi.yaml uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  pattern?: string;
  format?: string;
  contentEncoding?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** Something with one example, or with several named ones. */
export interface Exemplified {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

export interface Parameter extends Exemplified {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
}

export interface Header {
  description?: string;
  required?: boolean;
  schema: Schema;
}

/** By media type. */
export type Content = Record<string, Exemplified>;

export interface RequestBody {
  description?: string;
  content: Content;
}

export interface Response {
  description: string;
  headers?: Record<string, Header | Reference>;
  content?: Content;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: (Parameter | Reference)[];
  requestBody?: RequestBody | Reference;
  /** By status. */
  responses: Record<string, Response | Reference>;
}

export const methods = ['get', 'post', 'put', 'delete'] as const;

/** The operations of a path, by method. */
export type PathItem = { [Method in (typeof methods)[number]]?: Operation } & { parameters?: (Parameter | Reference)[] };

/** The parts of an OpenAPI description that this code uses. */
export interface Description {
  openapi: string;
  info: { title: string; version: string; summary: string; description: string };
  servers: { url: string; description: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, PathItem>;
  components: {
    schemas: Record<string, Schema>;
    securitySchemes: Record<string, { type: string; name?: string; scheme?: string; description: string }>;
    responses: Record<string, Response>;
    [kind: string]: Record<string, unknown>;
  };
}

/** openapi.yaml as text. */
export const readDescriptionText = (): string => readFileSync(join(import.meta.dirname, '../../openapi.yaml'), 'utf8');

/** Parses a description; `npm run check` validates it. */
export const parseDescription = (text: string): Description => parse(text);

/** Resolves a reference; returns anything else unchanged. */
export function resolve<T extends object>({ components }: Description, given: T | Reference): T {
  if (!isReference(given)) return given;
  const [, kind, name] = /^#\/components\/(\w+)\/(\w+)$/.exec(given.$ref) ?? [];
  const found: unknown = components[kind]?.[name];
  if (!isObject<T>(found)) throw new Error(`${given.$ref} leads nowhere`);
  return found;
}

export const isReference = (given: object): given is Reference => '$ref' in given;
const isObject = <T extends object>(value: unknown): value is T => typeof value === 'object' && value !== null;

/** An operation with its route, as lib/http/api.ts writes it, and all parameters: its own and those of its path. */
export interface DescribedOperation {
  route: string;
  method: string;
  path: string;
  operation: Operation;
  parameters: Parameter[];
}

/** All operations, in the order of the description. */
export function operationsOf(description: Description): DescribedOperation[] {
  return Object.entries(description.paths).flatMap(([path, item]) =>
    methods.flatMap((name) => {
      const operation = item[name];
      if (operation === undefined) return [];
      const method = name.toUpperCase();
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => resolve(description, one));
      return [{ route: `${method} ${path}`, method, path, operation, parameters }];
    }),
  );
}
