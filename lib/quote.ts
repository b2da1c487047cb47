const LONGEST = 80;

/**
 * A client's text for an error message: in double quotes, cut to 80 characters, everything but printable ASCII shown as `?`, so that
 * nothing a client sends can break a line, reorder the text or fill the log.
 */
export function quote(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return `"${shown.replace(/[^ -~]|["\\]/g, '?')}"`;
}

/** What a message shows of a text that somebody else has put together: at most 500 characters, everything but printable ASCII as `?`. */
export const printable = (text: string): string => text.slice(0, 500).replace(/[^ -~]/g, '?');
