/** Text as HTML that shows it. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** What stands between backticks is code. */
const inline = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** A description as HTML: paragraphs between empty lines, lists of lines that begin with `- `, code between backticks. */
export function prose(text = ''): string {
  const blocks = text.trim().split(/\n\s*\n/);
  return blocks
    .filter((block) => block !== '')
    .map((block) =>
      block.startsWith('- ')
        ? `<ul>${block
            .slice(2)
            .split('\n- ')
            .map((item) => `<li>${inline(item)}</li>`)
            .join('')}</ul>`
        : `<p>${inline(block)}</p>`,
    )
    .join('');
}

/** A value as JSON, for people. */
export const jsonBlock = (value: unknown): string => `<pre>${escapeHtml(typeof value === 'string' ? value : readable(value))}</pre>`;

/** On one line what fits there. */
function readable(value: unknown): string {
  const short = JSON.stringify(value);
  return short.length <= 100 ? short : JSON.stringify(value, null, 2);
}
