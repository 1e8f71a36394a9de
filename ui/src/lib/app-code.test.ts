import { describe, expect, it } from 'vitest';
import { languages, listUsers } from './app-code';

const place = { url: 'http://127.0.0.1:7248', directoryId: 'k3v9tq2mxa', externalId: null, isPrimary: true };

describe('code that lists users', () => {
  it('asks by the directory where the organization does not lead to it', () => {
    for (const { value: language } of languages) {
      for (const other of [{}, { externalId: 'acme', isPrimary: false }]) {
        const code = listUsers(language, { ...place, ...other });
        expect(code).toContain('k3v9tq2mxa');
        expect(code).not.toContain('acme');
      }
    }
  });

  it('asks by the organization where it does, with its id as an address or a text needs it', () => {
    const externalId = `ac"me's & co`;
    const codes = languages.map(({ value }) => listUsers(value, { ...place, externalId }));
    expect(codes.join()).not.toContain('k3v9tq2mxa');
    const [curl, python, ...others] = codes;
    expect(curl).toContain(`organizationExternalId=ac%22me'\\''s%20%26%20co&pageSize=1000'`);
    expect(python).toContain(String.raw`organization_external_id="ac\"me's & co"`);
    for (const code of others) expect(code).toContain(`organizationExternalId=ac%22me's%20%26%20co`);
  });

  it('never has a key in it', () => {
    for (const { value } of languages) expect(listUsers(value, place)).toContain('SCIM_SETUP_API_KEY');
  });
});
