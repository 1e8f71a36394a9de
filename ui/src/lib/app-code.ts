/** What code needs to know. */
interface Place {
  /** `http://127.0.0.1:7248` */
  url: string;
  directoryId: string;
  /** The id that the app knows the organization by; `null`: it has none. */
  externalId: string | null;
  isPrimary: boolean;
}

export type Language = 'curl' | 'python' | 'node' | 'go' | 'rust';

export const languages: { value: Language; label: string }[] = [
  { value: 'curl', label: 'curl' },
  { value: 'python', label: 'Python' },
  { value: 'node', label: 'Node' },
  { value: 'go', label: 'Go' },
  { value: 'rust', label: 'Rust' },
];

/** A program that lists the users of a directory: by the organization, as an app does in production, if that leads to it. */
export function listUsers(language: Language, place: Place): string {
  const { url, directoryId, externalId, isPrimary } = place;
  const isByOrganization = isPrimary && externalId !== null;
  const [name, value] = isByOrganization ? ['organizationExternalId', externalId] : ['scimDirectoryId', directoryId];
  const address = `${url}/v1/scim/users?${name}=${encodeURIComponent(value)}`;
  switch (language) {
    case 'curl':
      return `curl -H "Authorization: Bearer $SCIM_SETUP_API_KEY" \\
  '${address.replace(/'/g, "'\\''")}'`;
    case 'python':
      return `# pip install ssoready
import os
from ssoready.client import SSOReady

app = SSOReady(base_url="${url}", api_key=os.environ["SCIM_SETUP_API_KEY"])
page = app.scim.list_scim_users(${isByOrganization ? 'organization_external_id' : 'scim_directory_id'}=${JSON.stringify(value)})
for user in page.scim_users:
    print(user.email, user.deleted, user.attributes["active"])`;
    case 'node':
      return `const headers = { Authorization: \`Bearer \${process.env.SCIM_SETUP_API_KEY}\` };
let pageToken = '';
do {
  const url = ${JSON.stringify(`${address}&pageToken=`)} + pageToken;
  const page = await (await fetch(url, { headers })).json();
  for (const user of page.scimUsers) console.log(user.email, user.deleted, user.attributes.active);
  pageToken = page.nextPageToken;
} while (pageToken);`;
    case 'go':
      return `package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
)

func main() {
	request, _ := http.NewRequest("GET", ${JSON.stringify(address)}, nil)
	request.Header.Set("Authorization", "Bearer "+os.Getenv("SCIM_SETUP_API_KEY"))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	body, _ := io.ReadAll(answer.Body)
	fmt.Println(string(body))
}`;
    case 'rust':
      return `// cargo add reqwest --features blocking,json
// cargo add serde_json
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let page: serde_json::Value = reqwest::blocking::Client::new()
        .get(${JSON.stringify(address)})
        .bearer_auth(std::env::var("SCIM_SETUP_API_KEY")?)
        .send()?
        .json()?;
    for user in page["scimUsers"].as_array().into_iter().flatten() {
        println!("{} {}", user["email"], user["deleted"]);
    }
    Ok(())
}`;
  }
}
