// What this browser or window remembers about where the person was. Conveniences only: losing them loses nothing.

type Key = 'environment' | 'address' | 'collapsed' | 'requestsWidth' | 'recent' | 'theme' | 'dismissed' | 'language';

export function recall(key: Key): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: Key, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage can be switched off in a browser: then it starts at the first directory, and its first paint follows the system.
  }
}
