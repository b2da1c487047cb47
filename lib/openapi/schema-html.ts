import type { Schema } from './description.ts';
import { escapeHtml, prose } from './html.ts';

const PREFIX = '#/components/schemas/';

/** A schema as HTML: the members of an object as table rows, other types in one line. */
export function schemaHtml(schema: Schema): string {
  const described = schema.$ref === undefined ? prose(schema.description) : '';
  const { properties, required = [] } =
    schema.type === 'array' && schema.items !== undefined && !('$ref' in schema.items) ? schema.items : schema;
  if (properties === undefined) return `${described}<p class="type">${typeHtml(schema)}</p>`;
  const rows = Object.entries(properties).map(
    ([name, member]) =>
      `<tr><td><code>${escapeHtml(name)}</code>${required.includes(name) ? '' : ' <small>optional</small>'}</td><td>${memberHtml(member)}</td></tr>`,
  );
  const kind = schema.type === 'array' ? '<p class="type">array of objects</p>' : '';
  return `${described}${kind}<table>${rows.join('')}</table>`;
}

/** A member, with nested members if it is an object or an array of objects. */
function memberHtml(member: Schema): string {
  const nested = member.properties === undefined ? member.items : member;
  if (nested?.properties === undefined) return `<span class="type">${typeHtml(member)}</span>${prose(member.description)}`;
  return `<span class="type">${typeHtml(member)}</span>${member.properties === undefined ? prose(member.description) : ''}${schemaHtml(nested)}`;
}

/** A type in one line, such as `integer ≥ 0`; a named schema is a link. */
export function typeHtml(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(PREFIX.length);
    return `<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(' or ');
  const alternatives = schema.anyOf?.map(typeHtml).join(' or ');
  if (alternatives !== undefined) return alternatives;
  if (schema.allOf !== undefined)
    return schema.allOf.flatMap((part) => (part.$ref === undefined ? membersOf(part) : [typeHtml(part)])).join(', ');
  return [...kindOf(schema), ...limitsOf(schema)].join(' ');
}

/** The members that a part of a schema constrains. */
const membersOf = ({ properties = {} }: Schema): string[] =>
  Object.entries(properties).map(([name, member]) => `<code>${escapeHtml(name)}</code> ${typeHtml(member)}`);

function kindOf({ type = 'anything', items, contentEncoding, format, additionalProperties }: Schema): string[] {
  const kinds = [type].flat().map((one) => {
    if (one === 'array') return `array of ${items === undefined ? 'anything' : typeHtml(items)}`;
    if (one === 'object' && typeof additionalProperties === 'object') return `object of ${typeHtml(additionalProperties)}`;
    if (one === 'string') return contentEncoding ?? format ?? 'string';
    return one;
  });
  return [kinds.join(' or ')];
}

function limitsOf(schema: Schema): string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = schema;
  return [
    ...(minimum === undefined ? [] : [`≥ ${minimum}`]),
    ...(maximum === undefined ? [] : [`≤ ${maximum}`]),
    ...range(minLength, maxLength, 'characters'),
    ...range(minItems, maxItems, 'items'),
    ...(pattern === undefined ? [] : [code(pattern)]),
    ...(schema.default === undefined ? [] : [`default ${code(schema.default)}`]),
  ];
}

function range(least: number | undefined, most: number | undefined, what: string): string[] {
  if (most !== undefined) return [`(${least ?? 0} to ${most} ${what})`];
  return least === undefined ? [] : [`(at least ${least} ${what})`];
}

const code = (value: unknown): string => `<code>${escapeHtml(typeof value === 'string' ? value : JSON.stringify(value))}</code>`;
