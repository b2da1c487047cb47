import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {
  type DescribedOperation,
  type Description,
  type Header,
  type Response,
  resolve,
  type Schema,
} from '../../../lib/openapi/description.ts';
import type { Answer } from '../http/gateway.ts';

/** Response headers that need no description. */
const UNDESCRIBED = ['content-type', 'cache-control', 'content-encoding', 'vary'];

/** Checks responses against the description. */
export class Conformity {
  readonly #description: Description;
  readonly #ajv = new Ajv2020({ strictTypes: false, allErrors: true, verbose: true });

  constructor(description: Description) {
    this.#description = description;
    addFormats.default(this.#ajv);
    const components = { schemas: strict(description.components.schemas) };
    this.#ajv.addKeyword('components');
    this.#ajv.addSchema({ $id: 'openapi', components });
  }

  /** Asserts that the operation describes the response's status, headers and body, and that no required header is missing. */
  assertDescribed({ route, operation }: DescribedOperation, answer: Answer): void {
    const found = operation.responses[answer.status];
    assert.ok(found !== undefined, `${route} has no status ${answer.status}: ${answer.text}`);
    const response = resolve(this.#description, found);
    this.#assertHeaders(response, answer);
    this.#assertBody(response, answer);
  }

  #assertHeaders({ headers = {} }: Response, answer: Answer): void {
    for (const [name, value] of Object.entries(answer.headers)) {
      if (UNDESCRIBED.includes(name)) continue;
      assert.ok(name in headers, `the header ${name} of ${answer.status} is not described`);
      const { schema }: Header = resolve(this.#description, headers[name]);
      this.#assertValid(schema, /^-?\d+$/.test(value) && !this.#validate(schema, value) ? Number(value) : value, name);
    }
    for (const [name, header] of Object.entries(headers)) {
      const { required = false }: Header = resolve(this.#description, header);
      assert.ok(!required || name in answer.headers, `the header ${name} of ${answer.status} is missing`);
    }
  }

  #assertBody({ content = {} }: Response, { headers, text, status }: Answer): void {
    if (Object.keys(content).length === 0) {
      assert.equal(text, '');
      return;
    }
    const type = headers['content-type'].replace(/;.*/, '');
    assert.ok(type in content, `${status} has no ${type}`);
    const { schema } = content[type];
    // A streamed response may be a single line.
    const parts = /[/+]json$/.test(type) ? text.split('\r\n').filter((line, i) => i === 0 || line !== '') : [];
    for (const part of parts) this.#assertValid(schema, JSON.parse(part), part);
    if (parts.length === 0) this.#assertValid(schema, text, 'body');
  }

  #validate(schema: Schema, value: unknown): boolean {
    return this.#ajv.validate(this.#absolute(schema), value) === true;
  }

  #assertValid(schema: Schema, value: unknown, what: string): void {
    assert.ok(this.#validate(schema, value), `${what}: ${this.#ajv.errorsText()}`);
  }

  /** The schema with absolute references; the same object for the same schema, so that it is compiled only once. */
  #absolute(schema: Schema): Schema {
    const known = this.#known.get(schema);
    if (known !== undefined) return known;
    const absolute: Schema = JSON.parse(JSON.stringify(strict(schema)).replaceAll('"#/components/', '"openapi#/components/'));
    this.#known.set(schema, absolute);
    return absolute;
  }

  readonly #known = new Map<Schema, Schema>();
}

/** Forbids members without a description: they are mistakes, in the description or in the response. */
function strict<T>(schemas: T): T {
  return JSON.parse(JSON.stringify(schemas), (_, value) =>
    value?.type === 'object' && value.properties !== undefined && value.additionalProperties === undefined
      ? { ...value, additionalProperties: false }
      : value,
  );
}
