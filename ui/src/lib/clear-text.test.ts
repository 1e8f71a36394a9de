import { expect, it } from 'vitest';
import { isClearText } from './clear-text';

it.each([
  ['https://scim.example.com', false],
  ['http://scim.example.com', true],
  ['HTTP://scim.example.com', true],
  ['http://localhost:8080/v2', false],
  ['http://scim.localhost/v2', false],
  ['http://127.0.0.1:7246', false],
  ['http://[::1]:7246', false],
  ['http://localhost.example.com', true],
  ['http://127.example.com', true],
  ['scim.example.com', false],
  ['', false],
])('knows whether %s can be read on the way', (url, expected) => {
  expect(isClearText(url)).toBe(expected);
});
