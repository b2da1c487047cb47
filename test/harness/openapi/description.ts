import { type Description, parseDescription, readDescriptionText } from '../../../lib/openapi/description.ts';

/** Replacements for the names in examples. */
export interface Names {
  /** Topics that exist. */
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
