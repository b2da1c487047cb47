declare global {
  interface JSON {
    /** Of ECMAScript's proposal for source text access in JSON.parse: Node has it, TypeScript does not know it yet. */
    rawJSON(text: string): unknown;
  }
}

/** A primitive that `JSON.stringify` writes as exactly this text: a number with all its digits, or -0. */
export const rawJson = (text: string): unknown => JSON.rawJSON(text);
