import { useEffect, useState } from 'preact/hooks';
import { storedText, storeText } from './storage.ts';

const KEY = 'kafka-console-theme';

/** A choice between the browser's theme and one of the two. */
export function Theme() {
  const [theme, setTheme] = useState(storedText(KEY) ?? '');
  useEffect(() => {
    document.documentElement.style.colorScheme = theme;
    storeText(KEY, theme);
  }, [theme]);
  return (
    <select aria-label="Theme" value={theme} onChange={({ currentTarget }) => setTheme(currentTarget.value)}>
      <option value="">Theme of the system</option>
      <option value="light">Light</option>
      <option value="dark">Dark</option>
    </select>
  );
}
