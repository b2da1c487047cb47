/** Letters of scripts that are written with joiners. */
const JOINED = ['Arab', 'Syrc', 'Mong', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu', 'Knda', 'Mlym', 'Sinh', 'Khmr', 'Mymr']
  .map((script) => `\\p{Script=${script}}`)
  .join('');

/** Joiners that one sees: between such letters, they change the shapes; between pictures, they make one emoji of several. */
const JOINER = `(?<=[${JOINED}])[\\u200c\\u200d](?=[${JOINED}])|(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=\\p{Extended_Pictographic})`;

/** Control characters, and those that reverse, join or hide their neighbours unseen; not line breaks and tabs. */
const HIDDEN = new RegExp(`(?![\\t\\n]|${JOINER})[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]`, 'gu');

/** Text with control characters shown as escapes. */
export const visible = (text: string): string =>
  text.replace(HIDDEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** The beginning of a long text. */
export const shortened = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);
