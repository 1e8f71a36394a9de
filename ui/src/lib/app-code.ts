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

/** A program that lists all users of a directory: by the organization, as an app does in production, if that leads to it. */
export function listUsers(language: Language, place: Place): string {
  const { url, directoryId, externalId, isPrimary } = place;
  const isByOrganization = isPrimary && externalId !== null;
  const [name, value] = isByOrganization ? ['organizationExternalId', externalId] : ['scimDirectoryId', directoryId];
  const address = `${url}/v1/scim/users?${name}=${encodeURIComponent(value)}`;
  switch (language) {
    case 'curl':
      return `curl -H "Authorization: Bearer $SCIM_SETUP_API_KEY" \\
  '${`${address}&pageSize=1000`.replace(/'/g, "'\\''")}'`;
    case 'python':
      return `# pip install ssoready
import os
from ssoready.client import SSOReady

app = SSOReady(base_url="${url}", api_key=os.environ["SCIM_SETUP_API_KEY"])
token = None
while token != "":
    page = app.scim.list_scim_users(
        ${isByOrganization ? 'organization_external_id' : 'scim_directory_id'}=${JSON.stringify(value)}, page_token=token
    )
    for user in page.scim_users:
        print(user.email, user.deleted, user.attributes.get("active"))
    token = page.next_page_token`;
    case 'node':
      return `const headers = { Authorization: \`Bearer \${process.env.SCIM_SETUP_API_KEY}\` };
let pageToken = '';
do {
  const answer = await fetch(${JSON.stringify(`${address}&pageToken=`)} + pageToken, { headers });
  const page = await answer.json();
  if (!answer.ok) throw new Error(page.message);
  for (const user of page.scimUsers) console.log(user.email, user.deleted, user.attributes.active);
  pageToken = page.nextPageToken;
} while (pageToken);`;
    case 'go':
      return `package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

func main() {
	token := ""
	for {
		request, _ := http.NewRequest("GET", ${JSON.stringify(`${address}&pageToken=`)}+token, nil)
		request.Header.Set("Authorization", "Bearer "+os.Getenv("SCIM_SETUP_API_KEY"))
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			panic(err)
		}
		var page struct {
			Message       string
			NextPageToken string
			ScimUsers     []struct {
				Email   string
				Deleted bool
			}
		}
		err = json.NewDecoder(answer.Body).Decode(&page)
		answer.Body.Close()
		if err != nil || answer.StatusCode != 200 {
			panic(fmt.Sprint(answer.Status, " ", page.Message, err))
		}
		for _, user := range page.ScimUsers {
			fmt.Println(user.Email, user.Deleted)
		}
		if token = page.NextPageToken; token == "" {
			return
		}
	}
}`;
    case 'rust':
      return `// cargo add reqwest --features blocking,json
// cargo add serde_json
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = std::env::var("SCIM_SETUP_API_KEY")?;
    let mut token = String::new();
    loop {
        let url = format!("{}{token}", ${JSON.stringify(`${address}&pageToken=`)});
        let answer = reqwest::blocking::Client::new().get(url).bearer_auth(&key).send()?;
        let page: serde_json::Value = answer.error_for_status()?.json()?;
        for user in page["scimUsers"].as_array().into_iter().flatten() {
            println!("{} {}", user["email"], user["deleted"]);
        }
        token = page["nextPageToken"].as_str().unwrap_or_default().to_owned();
        if token.is_empty() {
            return Ok(());
        }
    }
}`;
  }
}
