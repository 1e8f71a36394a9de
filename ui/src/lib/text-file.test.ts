import { expect, test } from 'vitest';
import { decodeText } from './text-file';

test('a file is UTF-8, or UTF-16 by its byte order mark', () => {
  const utf8 = new TextEncoder().encode('userName\nJosé');
  expect(decodeText(utf8)).toBe('userName\nJosé');
  expect(decodeText(new Uint8Array([0xef, 0xbb, 0xbf, ...utf8]))).toBe('userName\nJosé');
  expect(decodeText(new Uint8Array([0xff, 0xfe, 0x4a, 0, 0xe9, 0]))).toBe('Jé');
  expect(decodeText(new Uint8Array([0xfe, 0xff, 0, 0x4a, 0, 0xe9]))).toBe('Jé');
});

test('another encoding is not guessed', () => {
  expect(decodeText(new Uint8Array([0x4a, 0x6f, 0x73, 0xe9]))).toBeNull();
  expect(decodeText(new Uint8Array([0xff, 0xfe, 0x4a]))).toBeNull();
});
