import { parseDescription, readDescriptionText } from './description.ts';
import { renderPage } from './page.ts';

// The build puts the values of these exports in the place of this module: neither openapi.yaml nor what reads it is in a zip.
const description = parseDescription(readDescriptionText());
const { html, styleHash } = renderPage(description);

/** The address that stands in both documents for that of the gateway. */
export const writtenAddress: string = description.servers[0].url;

/** The description as JSON. */
export const descriptionJson: string = JSON.stringify(description);

/** The description as a page. */
export const docsHtml: string = html;

/** Of the page's style: `sha256-…`. */
export const docsStyleHash: string = styleHash;
