//! What the tunnel programs on this machine say about their tunnels.

use serde_json::Value;
use url::Url;

use super::public_url;
use crate::model::{DetectedTunnel, DetectedTunnels};

/// A tunnel as its program describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AgentTunnel {
    tunnel: DetectedTunnel,
    /// Whether it forwards to this app; `None`: the program does not say.
    is_here: Option<bool>,
}

/// Reads the answer of ngrok's agent API to `GET /api/tunnels`. Only https tunnels count.
pub(crate) fn ngrok(body: &Value, port: u16) -> Vec<AgentTunnel> {
    let tunnels = body.get("tunnels").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    tunnels
        .iter()
        .filter_map(|tunnel| {
            let url = public_url(tunnel.get("public_url")?.as_str()?)?;
            let upstream = tunnel.get("config").and_then(|config| config.get("addr")?.as_str());
            Some(told("ngrok", url, upstream, port))
        })
        .collect()
}

/// Reads the answers of cloudflared's metrics server to `GET /quicktunnel` and, if it has that, `GET /config`.
pub(crate) fn cloudflared(quick: &Value, config: Option<&Value>, port: u16) -> Option<AgentTunnel> {
    let host = quick.get("hostname")?.as_str().filter(|host| !host.is_empty())?;
    let url = public_url(&format!("https://{host}"))?;
    // The last rule of a quick tunnel takes everything; rules such as `http_status:404` forward nowhere.
    let rules = config.and_then(|config| config.get("config")?.get("ingress")?.as_array());
    let upstream = rules.and_then(|rules| {
        rules.iter().filter_map(|rule| rule.get("service")?.as_str()).find(|service| service.contains("://"))
    });
    Some(told("cloudflared", url, upstream, port))
}

/// Sorts what was told and says it in words.
pub(crate) fn summarize(told: Vec<AgentTunnel>, port: u16) -> DetectedTunnels {
    let with = |wanted: Option<bool>| -> Vec<DetectedTunnel> {
        let mut tunnels: Vec<_> =
            told.iter().filter(|told| told.is_here == wanted).map(|told| told.tunnel.clone()).collect();
        tunnels.dedup();
        tunnels
    };
    let (sure, unsure, elsewhere) = (with(Some(true)), with(None), with(Some(false)));
    let (text, command) = match (sure.first(), unsure.first(), elsewhere.first()) {
        (Some(tunnel), ..) => (format!("{} forwards {} to this app.", tunnel.agent, tunnel.url), None),
        (None, Some(tunnel), _) => {
            (format!("{} runs a tunnel at {}, but does not say where it forwards to.", tunnel.agent, tunnel.url), None)
        }
        (None, None, Some(tunnel)) => (
            format!(
                "{} forwards {} to {}; this app listens on 127.0.0.1:{port}. Restart it for this port.",
                tunnel.agent,
                tunnel.url,
                tunnel.upstream.as_deref().unwrap_or_default()
            ),
            Some(start_command(tunnel, port)),
        ),
        (None, None, None) => (
            "Neither ngrok nor cloudflared runs a tunnel on this machine. Start one, then detect again.".to_owned(),
            None,
        ),
    };
    DetectedTunnels { offers: sure.into_iter().chain(unsure).collect(), elsewhere, text, command }
}

fn told(agent: &str, url: String, upstream: Option<&str>, port: u16) -> AgentTunnel {
    AgentTunnel {
        is_here: upstream.map(|upstream| is_here(upstream, port)),
        tunnel: DetectedTunnel { agent: agent.to_owned(), url, upstream: upstream.map(str::to_owned) },
    }
}

/// Whether an upstream is this app: `http://localhost:7246`, `127.0.0.1:7246`, `7246`. The listener does not speak https.
fn is_here(upstream: &str, port: u16) -> bool {
    if upstream.parse() == Ok(port) {
        return true;
    }
    let text = if upstream.contains("://") { upstream.to_owned() } else { format!("http://{upstream}") };
    let Ok(url) = Url::parse(&text) else { return false };
    let is_loopback = url.host_str().is_some_and(|host| ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"].contains(&host));
    url.scheme() == "http" && is_loopback && url.port_or_known_default() == Some(port)
}

/// The address as the app would save it; `None` for one that no identity provider could use.
fn public_url(text: &str) -> Option<String> {
    public_url::check(text, false).ok().map(|checked| checked.url)
}

fn start_command(tunnel: &DetectedTunnel, port: u16) -> String {
    match tunnel.agent.as_str() {
        "ngrok" => format!("ngrok http {port} --url {}", tunnel.url),
        _ => format!("cloudflared tunnel --url http://127.0.0.1:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_upstream_is_recognized() {
        for (upstream, expected) in [
            ("http://localhost:7246", true),
            ("localhost:7246", true),
            ("127.0.0.1:7246", true),
            ("http://[::1]:7246", true),
            ("7246", true),
            ("http://localhost:7247", false),
            ("https://localhost:7246", false),
            ("http://192.168.1.7:7246", false),
            ("80", false),
            ("http://localhost", false),
            ("file:///srv", false),
            ("", false),
        ] {
            assert_eq!(is_here(upstream, 7246), expected, "{upstream}");
        }
    }

    #[test]
    fn ngrok_offers_its_https_tunnels_to_this_app() {
        let body = json!({"tunnels": [
            {"public_url": "https://other.ngrok.app", "proto": "https", "config": {"addr": "http://localhost:3000"}},
            {"public_url": "http://ada.ngrok.app", "proto": "http", "config": {"addr": "http://localhost:7246"}},
            {"public_url": "tcp://4.tcp.ngrok.io:1", "proto": "tcp", "config": {"addr": "localhost:22"}},
            {"public_url": "https://ada.ngrok.app", "proto": "https", "config": {"addr": "http://localhost:7246"}},
            "nonsense",
        ]});
        let found = summarize(ngrok(&body, 7246), 7246);
        assert_eq!(found.offers.iter().map(|offer| offer.url.as_str()).collect::<Vec<_>>(), ["https://ada.ngrok.app"]);
        assert_eq!(found.elsewhere[0].upstream.as_deref(), Some("http://localhost:3000"));
        assert_eq!(found.text, "ngrok forwards https://ada.ngrok.app to this app.");
        for nonsense in [json!(null), json!({}), json!({"tunnels": 1}), json!([])] {
            assert!(ngrok(&nonsense, 7246).is_empty());
        }
    }

    #[test]
    fn a_tunnel_to_another_port_says_how_to_restart_it() {
        let body =
            json!({"tunnels": [{"public_url": "https://ada.ngrok.app", "config": {"addr": "http://localhost:7248"}}]});
        let found = summarize(ngrok(&body, 7246), 7246);
        assert!(found.offers.is_empty());
        assert!(found.text.contains("http://localhost:7248") && found.text.contains("7246"), "{}", found.text);
        assert_eq!(found.command.as_deref(), Some("ngrok http 7246 --url https://ada.ngrok.app"));
        assert!(summarize(Vec::new(), 7246).text.contains("Start one"));
    }

    #[test]
    fn cloudflared_may_not_say_where_it_forwards_to() {
        let quick = json!({"hostname": "calm-sea.trycloudflare.com"});
        let config = |service: &str| json!({"config": {"ingress": [{"service": service}]}});
        for (config, is_here) in [
            (None, None),
            (Some(json!({"config": {}})), None),
            (Some(config("http_status:404")), None),
            (Some(config("http://localhost:7246")), Some(true)),
            (Some(config("http://localhost:3000")), Some(false)),
        ] {
            let told = cloudflared(&quick, config.as_ref(), 7246).expect("a tunnel");
            assert_eq!(told.is_here, is_here, "{config:?}");
            assert_eq!(told.tunnel.url, "https://calm-sea.trycloudflare.com");
        }
        assert_eq!(cloudflared(&json!({"hostname": ""}), None, 7246), None);
        let found = summarize(cloudflared(&quick, None, 7246).into_iter().collect(), 7246);
        assert!(found.offers.len() == 1 && found.text.contains("does not say"), "{}", found.text);
    }
}
