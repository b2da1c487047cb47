import { type Description, parseDescription, readDescriptionText } from '../../../lib/openapi/description.ts';

/** What takes the place of the names that examples have. */
export interface Names {
  /** Topics that are there. */
  orders: string;
  payments: string;
  /** A consumer group. */
  billing: string;
  /** A queue. */
  shipping: string;
}

/** The description, with other names in its examples. */
export function descriptionWith(names: Names): Description {
  const text = Object.entries(names).reduce((so, [name, own]) => so.replace(new RegExp(`\\b${name}\\b`, 'g'), own), readDescriptionText());
  return parseDescription(text);
}
