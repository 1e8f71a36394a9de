// Lays JSON out for reading without turning it into values first: numbers keep their digits, keys their order, and
// duplicates stay visible, so that what is shown is what was sent.

export type TokenKind = 'key' | 'string' | 'number' | 'literal' | 'punctuation' | 'rest';

export interface Token {
  kind: TokenKind;
  text: string;
}

export interface Line {
  depth: number;
  /** Where its key stands, without array positions and schema URNs: `emails.value`. Empty where there is no key. */
  path: string;
  tokens: Token[];
}

/** The lines of a JSON text; `null` if it is not JSON. */
export function layOutJson(text: string): Line[] | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  return layOutCutJson(text);
}

// The string branch is unrolled: an alternation inside a loop overflows the engine's stack on long strings.
const LEXEME = /\s*(?:("[^"\\]*(?:\\.[^"\\]*)*")|(-?\d[\d.eE+-]*)|(true|false|null)|([{}[\],:]))/y;

interface Level {
  isObject: boolean;
  /** Path of the container's own key. */
  path: string;
  /** The key that was read last, for what follows its colon. */
  key: string;
  isAtKey: boolean;
}

/** The lines of the beginning of a JSON text; what cannot be read any more stands as it is at the end. */
export function layOutCutJson(text: string): Line[] {
  const { tokens, rest } = lex(text);
  const lines: Line[] = [{ depth: 0, path: '', tokens: [] }];
  const levels: Level[] = [];
  const level = () => levels.at(-1);
  const add = (kind: TokenKind, lexeme: string) => lines.at(-1)?.tokens.push({ kind, text: lexeme });
  const breakLine = () => lines.push({ depth: levels.length, path: '', tokens: [] });

  tokens.forEach((token, index) => {
    const current = level();
    if (token.text === '{' || token.text === '[') {
      add('punctuation', token.text);
      const path = current === undefined ? '' : childPath(current);
      levels.push({ isObject: token.text === '{', path, key: '', isAtKey: token.text === '{' });
      if (!isClosing(tokens[index + 1])) breakLine();
    } else if (isClosing(token)) {
      levels.pop();
      if (!isOpening(tokens[index - 1])) breakLine();
      add('punctuation', token.text);
    } else if (token.text === ',') {
      add('punctuation', ',');
      if (current?.isObject) current.isAtKey = true;
      breakLine();
    } else if (token.text === ':') {
      add('punctuation', ': ');
      if (current !== undefined) current.isAtKey = false;
    } else if (current?.isObject && current.isAtKey) {
      current.key = unquote(token.text);
      const line = lines.at(-1);
      if (line !== undefined) line.path = childPath(current);
      add('key', token.text);
    } else {
      const line = lines.at(-1);
      if (line?.tokens.length === 0 && current !== undefined) line.path = current.path;
      add(token.kind, token.text);
    }
  });
  if (rest !== '') add('rest', rest);
  return lines;
}

function lex(text: string): { tokens: Token[]; rest: string } {
  const tokens: Token[] = [];
  let end = 0;
  LEXEME.lastIndex = 0;
  for (let match = LEXEME.exec(text); match !== null; match = LEXEME.exec(text)) {
    end = LEXEME.lastIndex;
    const [, string, number, literal, punctuation] = match;
    if (string !== undefined) tokens.push({ kind: 'string', text: string });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (literal !== undefined) tokens.push({ kind: 'literal', text: literal });
    else if (punctuation !== undefined) tokens.push({ kind: 'punctuation', text: punctuation });
  }
  return { tokens, rest: text.slice(end).trim() };
}

function isOpening(token: Token | undefined): boolean {
  return token?.kind === 'punctuation' && (token.text === '{' || token.text === '[');
}

function isClosing(token: Token | undefined): boolean {
  return token?.kind === 'punctuation' && (token.text === '}' || token.text === ']');
}

/** People know `department`, not the URN of the extension that holds it. */
function childPath({ path, key, isObject }: Level): string {
  if (!isObject || key === '' || /^urn:/i.test(key)) return path;
  return path === '' ? key : `${path}.${key}`;
}

function unquote(lexeme: string): string {
  try {
    return String(JSON.parse(lexeme));
  } catch {
    return lexeme.slice(1, -1);
  }
}
