import { curlOf } from './curl.ts';
import {
  type Content,
  type DescribedOperation,
  type Description,
  type Exemplified,
  type Header,
  isReference,
  type Reference,
  type Response,
  resolve,
} from './description.ts';
import { escapeHtml, jsonBlock, prose } from './html.ts';
import { schemaHtml, typeHtml } from './schema-html.ts';

/** The section of the page about an operation. */
export function operationHtml(description: Description, described: DescribedOperation): string {
  const { method, path, operation, parameters } = described;
  const body = operation.requestBody === undefined ? null : resolve(description, operation.requestBody);
  const responses = Object.entries(operation.responses);
  const own = responses.flatMap(([status, one]) => (isReference(one) ? [] : [responseHtml(description, `<b>${status}</b>`, one)]));
  const shared = responses.flatMap(([status, one]) => (isReference(one) ? [`<a href="#${idOf(one)}">${status}</a>`] : []));
  const example = Object.entries(body?.content ?? {})[0];
  return [
    `<section id="${operation.operationId}"><h3><span class="method ${method}">${method}</span> <code>${escapeHtml(path)}</code></h3>`,
    `<p class="summary">${escapeHtml(operation.summary)}</p>${prose(operation.description)}`,
    `<pre class="curl">${escapeHtml(curlOf(described, example))}</pre>`,
    parameters.length > 0 ? `<h4>Parameters</h4><table>${parameters.map(parameterRow).join('')}</table>` : '',
    body === null ? '' : `<h4>Request body</h4>${prose(body.description)}${contentHtml(body.content)}`,
    `<h4>Responses</h4>${own.join('')}<p>Errors: ${shared.join(', ')}</p></section>`,
  ].join('\n');
}

const parameterRow = ({ name, in: place, required, description, schema }: DescribedOperation['parameters'][number]): string =>
  `<tr><td><code>${escapeHtml(name)}</code> <small>${place}${required ? '' : ', optional'}</small></td>` +
  `<td><span class="type">${typeHtml(schema)}</span>${prose(description)}</td></tr>`;

/** The responses that operations share: errors. */
export const sharedResponsesHtml = (description: Description): string =>
  Object.entries(description.components.responses)
    .map(([name, response]) => `<section id="response-${name}">${responseHtml(description, `<b>${name}</b>`, response)}</section>`)
    .join('');

const idOf = ({ $ref }: Reference): string => $ref.replace('#/components/responses/', 'response-');

/** @param title HTML */
function responseHtml(description: Description, title: string, { description: text, headers = {}, content }: Response): string {
  const rows = Object.entries(headers).map(([name, header]) => {
    const { schema, description: meaning }: Header = resolve(description, header);
    return `<tr><td><code>${escapeHtml(name)}</code></td><td><span class="type">${typeHtml(schema)}</span>${prose(meaning)}</td></tr>`;
  });
  return [
    `<details open><summary>${title} ${escapeHtml(text.trim())}</summary>`,
    content === undefined ? '' : contentHtml(content),
    rows.length > 0 ? `<h5>Headers</h5><table>${rows.join('')}</table>` : '',
    '</details>',
  ].join('');
}

/** Groups media types with the same content. */
function contentHtml(content: Content): string {
  const alike = Map.groupBy(Object.entries(content), ([, one]) => JSON.stringify(one));
  return [...alike.values()]
    .map((entries) => {
      const types = entries.map(([type]) => `<code>${escapeHtml(type)}</code>`).join(', ');
      const [, media] = entries[0];
      return `<h5>${types}</h5>${schemaHtml(media.schema)}${valuesOf(media).map(jsonBlock).join('')}`;
    })
    .join('');
}

/** All examples of something. */
export const valuesOf = ({ example, examples = {} }: Exemplified): unknown[] =>
  example === undefined ? Object.values(examples).map(({ value }) => value) : [example];
