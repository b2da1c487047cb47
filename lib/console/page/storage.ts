/** What this browser keeps for the page; null if nothing. Browsers that block storage throw: the page then works without. */
export function storedText(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a text in this browser, if it lets the page. */
export function storeText(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // Blocked, or full.
  }
}
