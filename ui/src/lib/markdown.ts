import { statusWithReason } from '$components/data/http';
import { layOutJson } from '$components/data/json';
import type { DatedText, Directory, Exchange, Guide, GuideField, Message } from './api';
import { words as guideWords } from './guide-words';
import { words } from './request-words';

// A recorded request, and a setup guide, as Markdown: for a ticket, a chat or a wiki. Times are in UTC, because who reads it may be elsewhere.

/** A recorded request with its answer. Its secrets are masked already. */
export function requestMarkdown({ row, target, request, response, explanation, notes, annotation }: Exchange): string {
  const { outcome, text } = row.summary;
  const { cause, fix, next } = explanation;
  return paragraphs([
    `### ${code(`${row.method} ${row.path}`)} → ${statusWithReason(row.status)}`,
    `${escaped(text)}${outcome === null ? '' : ` → ${escaped(outcome)}`}`,
    `${row.at} · ${row.durationMs} ms`,
    annotation === null ? null : said(words.annotation.theirs, annotation),
    cause === null ? null : said(words.markdown.cause, dated(cause)),
    fix === null ? null : said(words.markdown.fix, fix.text),
    next === null ? null : said(words.explanation.next, next.text),
    ...notes.map(({ text, section }) => `- ${escaped(text)} (${escaped(section)})`),
    `**${words.detail.request}**`,
    fenced('http', httpText(`${row.method} ${target} HTTP/1.1`, request)),
    `**${words.detail.response}**`,
    fenced('http', httpText(`HTTP/1.1 ${statusWithReason(row.status)}`, response)),
  ]);
}

/** A setup guide with the values of a directory. The token is never among them: nobody here knows it. */
export function guideMarkdown({ provider, docs, steps }: Guide, directory: Directory): string {
  return paragraphs([
    `## ${escaped(words.markdown.guide(provider, directory.name))}`,
    docs === '' ? null : `<${docs}>`,
    ...steps.flatMap(({ title, place, hint, fields, notArriving }, index) => [
      `### ${index + 1}. ${escaped(title)}`,
      place.length === 0 ? null : `**${escaped(place.join(' → '))}**`,
      hint === '' ? null : escaped(hint),
      fields.length === 0 ? null : fields.map((field) => fieldMarkdown(field, directory)).join('\n'),
      notArriving === '' ? null : `*${guideWords.notArriving}* ${escaped(notArriving)}`,
    ]),
  ]);
}

function fieldMarkdown({ name, value, note }: GuideField, directory: Directory): string {
  const line = (text: string) => `- ${escaped(name)}: ${text}${note === '' ? '' : `. ${escaped(note)}`}`;
  switch (value.kind) {
    case 'baseUrl':
      return line(code(directory.baseUrl));
    case 'text':
      return line(code(value.value));
    case 'choice':
      return line(escaped(value.value));
    case 'token':
      return line(`${words.markdown.token} ${escaped(guideWords.bearerWord[value.value])}`);
    default:
      return [
        `- ${escaped(name)}${note === '' ? '' : `: ${escaped(note)}`}`,
        ...value.value.map(({ label, isOn }) => `  - [${isOn ? 'x' : ' '}] ${escaped(label)}`),
      ].join('\n');
  }
}

function httpText(firstLine: string, { headers, body, isTruncated }: Message): string {
  const lines = [firstLine, ...headers.map(([name, value]) => `${name}: ${value}`)];
  if (body === null) return lines.join('\n');
  return [...lines, '', pretty(body), ...(isTruncated ? [words.markdown.truncated] : [])].join('\n');
}

function pretty(body: string): string {
  const lines = layOutJson(body)?.map(
    ({ depth, tokens }) => '  '.repeat(depth) + tokens.map(({ text }) => text).join(''),
  );
  return lines?.join('\n') ?? body;
}

function dated(text: DatedText): string {
  return text.map((part) => ('at' in part ? `on ${part.at}` : part.text)).join('');
}

function said(what: string, text: string): string {
  return `**${what}**: ${escaped(text)}`;
}

/** A block that nothing in it ends. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Code in a line of text, with whatever backticks are in it. */
function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  if (!line.includes('`')) return `\`${line}\``;
  const longest = Math.max(...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}

/** Text in which nothing is markup, in one line. */
function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>#|~]/g, '\\$&');
}

function paragraphs(parts: (string | null)[]): string {
  return `${parts.filter((part) => part !== null).join('\n\n')}\n`;
}
