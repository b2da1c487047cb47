import { createHash } from 'node:crypto';
import { PAGE_STYLE } from '../page-style.ts';
import { type DescribedOperation, type Description, operationsOf } from './description.ts';
import { escapeHtml, prose } from './html.ts';
import { operationHtml, sharedResponsesHtml } from './operation-html.ts';
import { schemaHtml } from './schema-html.ts';

const STYLE = `${PAGE_STYLE}pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;overflow-x:auto;margin:.5rem 0}
nav{padding:1rem 1.2rem;border-bottom:1px solid var(--line);font-size:14px}
nav ul{list-style:none;margin:0 0 .8rem;padding:0}
nav a{text-decoration:none;overflow-wrap:anywhere}
nav b{display:block}
main{max-width:60rem;min-width:0;padding:1rem 1.5rem 4rem}
section{border-top:1px solid var(--line);padding-top:.5rem;margin-top:2rem;scroll-margin-top:1rem}
h1{margin:.2rem 0}h2{margin-top:3rem}h3{overflow-wrap:anywhere}h4{margin:1.2rem 0 .3rem}h5{margin:.9rem 0 .2rem;font-weight:600}
.method{font:700 12px/1 system-ui;padding:.25em .5em;border-radius:4px;color:#fff;background:#5f6368;vertical-align:.15em}
.GET{background:#1a63c7}.POST{background:#1b7a3d}.PUT{background:#9a5b00}.DELETE{background:#b3261e}
.summary{font-weight:600;margin:.2rem 0}
table{border-collapse:collapse;width:100%;margin:.3rem 0}
td{border-top:1px solid var(--line);padding:.3rem .6rem .3rem 0;vertical-align:top;overflow-wrap:anywhere}
td:first-child{width:34%}
td p{margin:.1rem 0}
td td:first-child{width:40%}
.type{color:var(--faint);font-size:14px}
small{color:var(--faint)}
details{border:1px solid var(--line);border-radius:6px;padding:.35rem .8rem;margin:.4rem 0}
summary{cursor:pointer}
section>details{margin-top:1rem}
@media(min-width:64rem){body{display:grid;grid-template-columns:20rem 1fr}nav{position:sticky;top:0;height:100vh;overflow-y:auto;border-bottom:0;border-right:1px solid var(--line)}}
`;

/** The description as a self-contained page: HTML with its style, without scripts or other resources. */
export interface Page {
  html: string;
  /** The hash of the style, for a Content-Security-Policy that allows nothing else: `sha256-…`. */
  styleHash: string;
}

/** Renders the page. */
export function renderPage(description: Description): Page {
  const { info, tags, servers, components } = description;
  const operations = operationsOf(description);
  const ofTag = (name: string) => operations.filter(({ operation }) => operation.tags.includes(name));
  const html = [
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(info.title)}</title><style>${STYLE}</style></head><body>`,
    `<nav aria-label="Contents">${tags.map(({ name }) => `<b>${escapeHtml(name)}</b><ul>${ofTag(name).map(entryHtml).join('')}</ul>`).join('')}`,
    '<b><a href="#errors">Errors</a></b><b><a href="#schemas">Schemas</a></b></nav>',
    `<main><h1>${escapeHtml(info.title)} <small>${escapeHtml(info.version)}</small></h1><p class="summary">${escapeHtml(info.summary)}</p>`,
    `${prose(info.description)}<pre>export GATEWAY=${escapeHtml(servers[0].url)}</pre>`,
    `<p>The same for programs: <a href="${escapeHtml(servers[0].url)}/openapi.json">openapi.json</a>.</p>`,
    `<h2 id="authorization">Authorization</h2><p>One of these, as the gateway is configured, or none.</p><table>${securityRows(description)}</table>`,
    ...tags.map(
      ({ name, description: text }) =>
        `<h2>${escapeHtml(name)}</h2>${prose(text)}${ofTag(name)
          .map((one) => operationHtml(description, one))
          .join('')}`,
    ),
    `<h2 id="errors">Errors</h2>${sharedResponsesHtml(description)}`,
    '<h2 id="schemas">Schemas</h2>',
    ...Object.entries(components.schemas).map(
      ([name, schema]) => `<section id="schema-${name}"><h3>${name}</h3>${schemaHtml(schema)}</section>`,
    ),
    '</main></body></html>',
  ].join('\n');
  return { html, styleHash: `sha256-${createHash('sha256').update(STYLE).digest('base64')}` };
}

const entryHtml = ({ method, path, operation }: DescribedOperation): string =>
  `<li><a href="#${operation.operationId}" title="${method} ${escapeHtml(path)}">${escapeHtml(operation.summary)}</a></li>`;

const securityRows = ({ components }: Description): string =>
  Object.entries(components.securitySchemes)
    .map(([name, { description }]) => `<tr><td><code>${name}</code></td><td>${prose(description)}</td></tr>`)
    .join('');
