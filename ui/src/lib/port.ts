import { words } from './words';

const LOWEST = 1_024;
const HIGHEST = 65_535;

/** The port that was typed, or what is wrong with it. */
export function parsePort(text: string): number | { problem: string } {
  const port = Number(text.trim());
  if (!/^\d{1,5}$/.test(text.trim()) || port < LOWEST || port > HIGHEST) return { problem: words.settings.portRange };
  return port;
}
