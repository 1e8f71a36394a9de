//! Which pages of the internet the window opens.

/// The standards, the vendors' own pages, and where tunnels come from.
const HOSTS: [&str; 10] = [
    "www.rfc-editor.org",
    "developer.okta.com",
    "learn.microsoft.com",
    "developers.onelogin.com",
    "jumpcloud.com",
    "ngrok.com",
    "developers.cloudflare.com",
    "tailscale.com",
    "github.com",
    "caddyserver.com",
];

/// Whether the window opens this address in the system's browser: over HTTPS, on a host that the interface leads to. Anything else, a program
/// or a file above all, is none of its business.
pub fn is_known_link(address: &str) -> bool {
    let Ok(url) = url::Url::parse(address) else { return false };
    let is_plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    url.scheme() == "https" && is_plain && url.host_str().is_some_and(|host| HOSTS.contains(&host))
}

#[cfg(test)]
mod tests {
    use idp::IdpId;

    use super::*;

    #[test]
    fn the_window_opens_what_the_interface_leads_to_and_nothing_else() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/links.ts");
        let source = std::fs::read_to_string(folder).expect("the interface's links");
        let in_ui = source.split(['\'', '`']).filter(|text| text.starts_with("https://"));
        let links: Vec<_> = in_ui.map(|text| text.split("${").next().unwrap_or_default()).collect();
        assert!(links.len() > 5, "{links:?}");
        let guides = IdpId::ALL.into_iter().flat_map(IdpId::tracks).map(|track| track.docs);
        for link in links.into_iter().chain(guides).filter(|link| !link.is_empty()) {
            assert!(is_known_link(link), "{link}");
        }
        for other in [
            "http://www.rfc-editor.org/rfc/rfc7644",
            "https://rfc-editor.org.example/",
            "https://www.rfc-editor.org@evil.example/",
            "https://user@github.com/",
            "https://github.com:8443/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "/usr/bin/true",
            "",
        ] {
            assert!(!is_known_link(other), "{other}");
        }
    }
}
