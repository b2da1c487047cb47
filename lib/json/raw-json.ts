declare global {
  interface JSON {
    /** Of ECMAScript's proposal on the text of JSON that is parsed: Node has it, TypeScript does not know it yet. */
    rawJSON(text: string): unknown;
  }
}

/** A primitive value that `JSON.stringify` writes as this text: a number with all its digits, or -0. */
export const rawJson = (text: string): unknown => JSON.rawJSON(text);
