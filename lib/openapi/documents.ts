import { parseDescription, readDescriptionText } from './description.ts';
import { renderPage } from './page.ts';

// The build replaces this module by the values of its exports, so that no zip has openapi.yaml or its parser.
const description = parseDescription(readDescriptionText());
const { html, styleHash } = renderPage(description);

/** The server address in both documents, in place of the gateway's own. */
export const writtenAddress: string = description.servers[0].url;

/** The description as JSON. */
export const descriptionJson: string = JSON.stringify(description);

/** The description as a page. */
export const docsHtml: string = html;

/** The hash of the page's style: `sha256-…`. */
export const docsStyleHash: string = styleHash;
