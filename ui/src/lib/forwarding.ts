import type { Directory } from './api';

/** Whether the server that a directory forwards to decides about the identity provider's token, so that SCIM Setup has none of its own. */
export function isTokenTheirs(directory: Directory): boolean {
  return directory.forwarding?.token === 'passOn';
}
