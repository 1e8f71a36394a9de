import { describe, expect, it } from 'vitest';
import { IdentityProviders } from './identity-providers.svelte';

const known = new IdentityProviders([
  {
    id: 'okta',
    name: 'Okta',
    tracks: [
      { id: 'okta-aiw', app: 'Custom app', simulated: 'okta-aiw' },
      { id: 'okta-template', app: 'Test app', simulated: 'okta-template' },
    ],
  },
  { id: 'generic', name: 'Other', tracks: [{ id: 'other', app: '', simulated: 'generic' }] },
]);

describe('identity providers', () => {
  it('may have several guides, and requests say which', () => {
    expect(known.of('okta-template')?.id).toBe('okta');
    expect(known.trackOf('okta', 'okta-template')).toBe('okta-template');
    expect(known.trackOf('okta')).toBe('okta-aiw');
    expect(known.trackOf('generic', 'okta-template')).toBe('other');
  });

  it('are played by whom their guide names', () => {
    expect(known.simulatedOf('okta-template')).toBe('okta-template');
    expect(known.simulatedOf('other')).toBe('generic');
  });

  it('are nobody before they are read', () => {
    const unread = new IdentityProviders();
    expect([unread.options, unread.trackOf('okta'), unread.of('entra')]).toEqual([[], null, null]);
    expect(unread.simulatedOf('entra')).toBe('generic');
  });
});
