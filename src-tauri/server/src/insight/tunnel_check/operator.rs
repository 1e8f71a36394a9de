//! Those who run tunnels: what they say themselves, and what starts a tunnel of theirs.

use super::Asked;
use super::finding::Finding;
use super::response::Response;
use crate::model::TunnelCode;

/// Who runs a tunnel, as far as its host name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Ngrok,
    Cloudflare,
    Tailscale,
    Bore,
    Unknown,
}

/// What the operator of the tunnel says itself, by its codes.
pub(super) fn tunnel_says(asked: &Asked, answer: &Response) -> Option<Finding> {
    let Asked { url, host, port, .. } = asked;
    let command = Operator::of(host).start_command(asked);
    let offline = |who: &str, code: &str| {
        Finding::new(
            TunnelCode::TunnelOffline,
            "The tunnel is offline",
            format!("{who} knows {host}, but no tunnel is running for it ({code})."),
        )
        .advise("Start the tunnel.")
        .with_command(command.clone())
    };
    let nothing = |code: &str| {
        Finding::new(
            TunnelCode::NothingOnPort,
            "The tunnel is up, but it does not forward here",
            format!("{url} answers {code}: nothing answers where it forwards to."),
        )
        .advise(format!("Restart the tunnel so that it forwards to 127.0.0.1:{port}."))
        .with_command(command.clone())
    };
    if let Some(code) = answer.ngrok_code() {
        let name = format!("ERR_NGROK_{code}");
        return Some(match code {
            // https://ngrok.com/docs/errors: the endpoint is offline; no backend is available.
            3200 | 724 => offline("ngrok", &name),
            // The agent cannot reach the upstream; the upstream answers with something that is not HTTP.
            8012 | 3004 => nothing(&format!("{} ({name})", answer.status)),
            // The page that warns browsers.
            6022 | 6024 => Finding::new(
                TunnelCode::HtmlPage,
                "ngrok’s warning page answers",
                format!("{url} answers with the page that ngrok shows to browsers ({name})."),
            )
            .advise("Use a plan or an address of ngrok without the warning page, then check again."),
            725 | 727 => Finding::new(
                TunnelCode::TunnelOffline,
                "The tunnel’s limit is used up",
                format!("ngrok no longer forwards {host}: the limit of its plan is reached ({name})."),
            )
            .advise("Wait until the limit is renewed, or use a different tunnel."),
            _ => Finding::new(
                TunnelCode::TunnelOffline,
                "ngrok reports an error",
                format!("{url} answers {} ({name}).", answer.status),
            )
            .advise(format!("Look at https://ngrok.com/docs/errors/err_ngrok_{code}.")),
        });
    }
    if let Some(code) = answer.cloudflare_code() {
        match code {
            1033 | 1016 => return Some(offline("Cloudflare", &format!("error {code}"))),
            _ if answer.status >= 500 => return Some(nothing(&format!("{} (error {code})", answer.status))),
            _ => {}
        }
    }
    if answer.is_cloudflare() && answer.status == 530 && answer.body.contains("Cloudflare Tunnel error") {
        return Some(offline("Cloudflare", "error 1033"));
    }
    let body = answer.body.to_ascii_lowercase();
    if body.contains("no tunnel here") || body.contains("tunnel unavailable") {
        return Some(offline("The tunnel’s operator", &format!("status {}", answer.status)));
    }
    match answer.status {
        502 | 521 | 523 | 530 => Some(nothing(&answer.status.to_string())),
        504 | 522 | 524 => Some(
            Finding::new(
                TunnelCode::TimedOut,
                "No answer in time",
                format!("{url} answers {}: it waited in vain for this app.", answer.status),
            )
            .advise(format!("Restart the tunnel, and make sure that it forwards to 127.0.0.1:{port}.")),
        ),
        503 => Some(
            Finding::new(
                TunnelCode::TunnelOffline,
                "The tunnel is offline",
                format!("{url} answers 503: nobody serves this address at the moment."),
            )
            .advise("Start the tunnel.")
            .with_command(command),
        ),
        _ => None,
    }
}

impl Operator {
    pub(super) fn of(host: &str) -> Self {
        let ends = |ends: &[&str]| ends.iter().any(|end| host.ends_with(end));
        if ends(&[".ngrok.app", ".ngrok.dev", ".ngrok.io", ".ngrok-free.app", ".ngrok-free.dev"]) {
            Self::Ngrok
        } else if ends(&[".trycloudflare.com"]) {
            Self::Cloudflare
        } else if ends(&[".ts.net"]) {
            Self::Tailscale
        } else if host == "bore.pub" {
            Self::Bore
        } else {
            Self::Unknown
        }
    }

    /// What starts a tunnel of this operator to this app.
    pub(super) fn start_command(self, asked: &Asked) -> Option<String> {
        let port = asked.port;
        match self {
            Self::Ngrok => Some(format!("ngrok http {port} --url {}", asked.url)),
            Self::Cloudflare => Some(format!("cloudflared tunnel --url http://127.0.0.1:{port}")),
            Self::Tailscale => Some(format!("tailscale funnel {port}")),
            Self::Bore => Some(format!("bore local {port} --to bore.pub")),
            Self::Unknown => None,
        }
    }
}
