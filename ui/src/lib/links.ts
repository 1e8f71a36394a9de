// Pages of the internet that the interface leads to. The window opens these hosts and no others: src-tauri/server/src/insight/links.rs.

/** Where tunnels come from, by the first word of their command. */
export const tunnelTools: Record<string, string> = {
  ngrok: 'https://ngrok.com/download',
  cloudflared: 'https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads/',
  tailscale: 'https://tailscale.com/kb/1223/funnel',
  bore: 'https://github.com/ekzhang/bore',
  caddy: 'https://caddyserver.com/docs/install',
};

/** The page of a section, which may name another one behind it: `RFC 7644 §3.5.2`; `null`: it is of no RFC. */
export function rfcLink(section: string): string | null {
  const found = /^RFC (\d+)(?: §([\d.]*\d))?/.exec(section);
  if (found === null) return null;
  const [, rfc = '', part] = found;
  return `https://www.rfc-editor.org/rfc/rfc${rfc}${part === undefined ? '' : `#section-${part}`}`;
}
