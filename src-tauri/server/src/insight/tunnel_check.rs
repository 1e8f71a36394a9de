//! What came of asking for this app through its own public URL: from what was observed to a finding, and one thing to do.

use serde_json::Value;

use super::notices::Seen;
use crate::model::{TunnelCheck, TunnelCode, TunnelOutcome, TunnelStep, TunnelStepName, TunnelStepState};

/// Where this app answers its own question. The nonce follows.
pub(crate) const PATH: &str = "/.well-known/scim-setup/";

/// Carries the nonce too, for the case that the path arrives changed.
pub(crate) const NONCE_HEADER: &str = "scim-setup-check";

/// What the question carries as its `Authorization`, to see whether that arrives: no token of anybody.
pub(crate) const AUTHORIZATION_SENT: &str = "Bearer scim-setup-check";

/// What this app calls itself in its answer.
pub(crate) const PRODUCT: &str = "SCIM Setup";

/// Characters of a foreign answer that are quoted.
const QUOTED: usize = 80;

/// What was asked, and what answer would be ours.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Scheme and host: `https://ada.ngrok.app`.
    pub(crate) url: String,
    /// The host name alone.
    pub(crate) host: String,
    /// Whether the URL is `https`.
    pub(crate) is_https: bool,
    /// The port of the provisioning listener, which the tunnel should forward to.
    pub(crate) port: u16,
    /// What this process would prove itself with.
    pub(crate) proof: String,
}

/// What was observed on the way.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    /// The address that the host name has.
    pub(crate) address: Option<String>,
    /// How long that took.
    pub(crate) dns_ms: Option<u32>,
    /// The version of TLS that was agreed on: `TLS 1.3`.
    pub(crate) tls: Option<&'static str>,
    /// How long that took.
    pub(crate) tls_ms: Option<u32>,
    /// The environment variable that names a proxy, which the check does not use.
    pub(crate) proxy: Option<&'static str>,
    /// How it ended.
    pub(crate) ended: Ended,
}

/// How a check ended.
#[derive(Clone, Debug)]
pub(crate) enum Ended {
    /// It was not begun: the provisioning listener is not open.
    NotListening,
    /// No such host name.
    UnknownHost,
    /// The name service did not answer.
    NoNameService,
    /// The machine has no way to the address.
    Unreachable,
    /// The connection was refused.
    Refused,
    /// No secure connection.
    Tls(TlsFault),
    /// No answer in time.
    TimedOut {
        /// What was waited for.
        phase: Phase,
        /// How long.
        seconds: u64,
    },
    /// The connection ended before an answer, or what came was not HTTP.
    BrokeOff,
    /// An HTTP answer.
    Answered(Answer),
}

/// What was being waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The address of the host.
    #[default]
    Dns,
    /// A connection.
    Connect,
    /// A secure connection.
    Tls,
    /// The answer.
    Answer,
}

/// What was wrong with a secure connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TlsFault {
    /// The certificate's time is over.
    Expired,
    /// The certificate is for another name.
    WrongName,
    /// Nobody trusted has signed the certificate.
    UnknownIssuer,
    /// What answered does not speak TLS.
    NotTls,
    /// The server has no certificate for this name, or refused for another reason.
    Refused,
}

/// An HTTP answer, as far as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The first KiB.
    pub(crate) body: String,
    /// From the request to here.
    pub(crate) duration_ms: u32,
}

/// What to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) code: TunnelCode,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) advice: Option<String>,
    pub(crate) command: Option<String>,
}

/// Who runs a tunnel, as far as its host name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Ngrok,
    Cloudflare,
    Tailscale,
    Bore,
    Unknown,
}

/// What a check says that the one before it did not: the tunnel was lost, or is back. Not to know is no news.
pub(crate) fn news(before: &TunnelCheck, after: &TunnelCheck) -> Option<Seen> {
    match (before.outcome, after.outcome) {
        (TunnelOutcome::Works, TunnelOutcome::Problem) => {
            Some(Seen::TunnelLost { url: after.url.clone(), text: after.text.clone() })
        }
        (TunnelOutcome::Problem, TunnelOutcome::Works) => Some(Seen::TunnelBack { url: after.url.clone() }),
        _ => None,
    }
}

/// Judges what was observed. The first rule that fits decides.
pub(crate) fn judge(asked: &Asked, observed: &Observed) -> Finding {
    if asked.host.contains('_') {
        return Finding::new(
            TunnelCode::UnderscoreInHost,
            "Okta refuses this address",
            format!("{} has an underscore in its name, and Okta accepts none.", asked.host),
        )
        .advise("Give the tunnel a name without an underscore.");
    }
    if let Some(variable) = observed.proxy
        && observed.ended.is_no_way_out()
    {
        return Finding::new(
            TunnelCode::CouldNotCheck,
            "Could not check from here",
            format!("This machine uses a proxy ({variable}), and the check goes out directly: it got no answer."),
        )
        .advise("Open the address in a browser: an answer in JSON that says “SCIM” means that the tunnel works.");
    }
    match &observed.ended {
        Ended::Answered(answer) => judge_answer(asked, answer),
        ended => judge_silence(asked, ended),
    }
}

/// What was looked at, in order; what comes after a failure reads "Not checked".
pub(crate) fn steps(asked: &Asked, observed: &Observed, finding: &Finding) -> Vec<TunnelStep> {
    use TunnelStepState::{Failed, NotChecked, Passed};
    let not_checked = || (NotChecked, "Not checked".to_owned(), None);
    let dns = match (&observed.address, &observed.ended) {
        (Some(address), _) if *address == asked.host => {
            (Passed, "The address is a number already".to_owned(), observed.dns_ms)
        }
        (Some(address), _) => (Passed, format!("{} → {address}", asked.host), observed.dns_ms),
        (None, Ended::UnknownHost) => (Failed, format!("Nobody knows {}", asked.host), observed.dns_ms),
        (None, Ended::TimedOut { .. } | Ended::NoNameService) => {
            (Failed, "The name service does not answer".to_owned(), None)
        }
        (None, _) => not_checked(),
    };
    let tls = match (observed.tls, &observed.ended) {
        (Some(version), _) => (Passed, format!("{version}, certificate accepted"), observed.tls_ms),
        (None, Ended::Tls(fault)) => (Failed, fault.words().to_owned(), observed.tls_ms),
        (None, Ended::TimedOut { phase: Phase::Tls, .. }) => (Failed, "No answer to the handshake".to_owned(), None),
        _ if !asked.is_https => (NotChecked, "Plain http, on this machine only".to_owned(), None),
        _ => not_checked(),
    };
    let app = match &observed.ended {
        Ended::Answered(answer) if finding.is_from_here() => {
            (Passed, "Our own question came back".to_owned(), Some(answer.duration_ms))
        }
        Ended::Answered(answer) => (Failed, answer.words(), Some(answer.duration_ms)),
        Ended::Refused | Ended::Unreachable => (Failed, "The connection was refused".to_owned(), None),
        Ended::BrokeOff => (Failed, "The connection ended without an answer".to_owned(), None),
        Ended::TimedOut { phase: Phase::Connect | Phase::Answer, seconds } => {
            (Failed, format!("No answer after {seconds} s"), None)
        }
        _ => not_checked(),
    };
    let path = match (&observed.ended, finding.code) {
        (_, TunnelCode::Works | TunnelCode::AuthorizationLost) => {
            (Passed, format!("{} arrives unchanged", PATH.trim_end_matches('/')), None)
        }
        (Ended::Answered(answer), TunnelCode::PathChanged) => {
            let received = answer.own().and_then(|own| own.path).unwrap_or_else(|| "another path".to_owned());
            (Failed, format!("Arrives as {}", quoted(&received)), None)
        }
        _ => not_checked(),
    };
    let authorization = match finding.code {
        TunnelCode::Works => (Passed, "The header arrives".to_owned(), None),
        TunnelCode::AuthorizationLost => (Failed, "The header does not arrive".to_owned(), None),
        _ => not_checked(),
    };
    let steps = [
        (TunnelStepName::Dns, dns),
        (TunnelStepName::Tls, tls),
        (TunnelStepName::App, app),
        (TunnelStepName::Path, path),
        (TunnelStepName::Authorization, authorization),
    ];
    steps.map(|(name, (state, seen, duration_ms))| TunnelStep { name, state, seen, duration_ms }).into()
}

fn judge_silence(asked: &Asked, ended: &Ended) -> Finding {
    let Asked { url, host, port, .. } = asked;
    let operator = Operator::of(host);
    match ended {
        Ended::NotListening => Finding::new(
            TunnelCode::CouldNotCheck,
            "Could not check yet",
            format!("This app is not listening on port {port}, so nothing can come back through the tunnel."),
        )
        .advise("Choose a port that is free, under “Listen on”."),
        Ended::UnknownHost => {
            let text = format!("The host name {host} does not exist.");
            let found = Finding::new(TunnelCode::DnsUnknown, "Nobody knows this address", text);
            match operator {
                Operator::Cloudflare => found
                    .advise("A quick tunnel gets a new address each time it starts. Start it, then paste the new one.")
                    .with_command(operator.start_command(asked)),
                _ => found.advise(
                    "Compare the address with the one that your tunnel prints. A new name can take a few minutes.",
                ),
            }
        }
        Ended::NoNameService | Ended::Unreachable => Finding::new(
            TunnelCode::CouldNotCheck,
            "Could not check from here",
            format!("This machine has no way to {host} at the moment."),
        )
        .advise("Look at this machine’s internet connection, then check again."),
        Ended::Refused => {
            Finding::new(TunnelCode::NoAnswer, "Nothing answers at this address", format!("{url} refuses connections."))
                .advise("Start the tunnel, or compare the address with the one that it prints.")
                .with_command(operator.start_command(asked))
        }
        Ended::BrokeOff => Finding::new(
            TunnelCode::NoAnswer,
            "Nothing answers at this address",
            format!("{url} takes connections and ends them without an answer."),
        )
        .advise(format!("Make sure that the tunnel forwards http to 127.0.0.1:{port}, then restart it.")),
        Ended::Tls(fault) => {
            let advice = match fault {
                TlsFault::NotTls => "Use the https address of the tunnel. It has to speak https itself.",
                TlsFault::WrongName | TlsFault::Refused => {
                    "Compare the host name with the one that your tunnel prints. A new name can take a few minutes."
                }
                TlsFault::Expired | TlsFault::UnknownIssuer => {
                    "Give the tunnel a valid certificate from a public authority. Identity providers accept no other."
                }
            };
            Finding::new(TunnelCode::TlsBad, "The connection is not secure", format!("{}: {host}.", fault.words()))
                .advise(advice)
        }
        Ended::TimedOut { phase, seconds } => {
            let text = match phase {
                Phase::Dns => format!("The name service said nothing about {host} in {seconds} s."),
                _ => format!("No answer from {url} after {seconds} s."),
            };
            let advice = match phase {
                Phase::Answer => format!("Restart the tunnel, and make sure that it forwards to 127.0.0.1:{port}."),
                _ => "Look at this machine’s internet connection and firewall, then check again.".to_owned(),
            };
            Finding::new(TunnelCode::TimedOut, "No answer in time", text).advise(advice)
        }
        Ended::Answered(answer) => judge_answer(asked, answer),
    }
}

fn judge_answer(asked: &Asked, answer: &Answer) -> Finding {
    let Asked { url, host, port, proof, .. } = asked;
    if let Some(own) = answer.own() {
        return match own {
            Own { proof: theirs, .. } if theirs != *proof => Finding::new(
                TunnelCode::AnotherCopy,
                "Another copy of SCIM Setup answers",
                format!("{url} leads to a SCIM Setup, but not to this one."),
            )
            .advise(format!("Close the other copy, or forward the tunnel to 127.0.0.1:{port}."))
            .with_command(Operator::of(host).start_command(asked)),
            Own { path: Some(path), .. } => path_changed(asked, Some(&path)),
            Own { has_authorization: false, .. } => Finding::new(
                TunnelCode::AuthorizationLost,
                "The tunnel drops the token",
                format!("{url} reaches this app, but the Authorization header does not arrive."),
            )
            .advise("Turn off the tunnel’s own sign-in, or whatever else on the way takes the header out: the token travels in it."),
            Own { .. } => Finding::new(
                TunnelCode::Works,
                "The tunnel works",
                match answer.duration_ms {
                    0 => format!("{url} reached this app in less than 1 ms."),
                    duration_ms => format!("{url} reached this app in {duration_ms} ms."),
                },
            ),
        };
    }
    if (300..400).contains(&answer.status)
        && let Some(location) = answer.header("location")
    {
        return redirected(asked, location);
    }
    if let Some(found) = tunnel_says(asked, answer) {
        return found;
    }
    if answer.is_scim_error_of_ours() {
        return path_changed(asked, None);
    }
    if answer.is_html() {
        let operator = Operator::of(host);
        let advice = match operator {
            Operator::Ngrok => "Remove ngrok’s warning page or sign-in for this address, then check again.".to_owned(),
            _ => format!("Turn off its warning or sign-in page, or forward it to 127.0.0.1:{port}."),
        };
        return Finding::new(
            TunnelCode::HtmlPage,
            "A web page answers",
            format!("{url} answers {} with a web page. An identity provider needs JSON.", answer.status),
        )
        .advise(advice);
    }
    let finding = Finding::new(
        TunnelCode::AnotherProgram,
        "Another program answers",
        format!("{url} answers {}, and not from this app{}.", answer.status, answer.quote()),
    );
    match answer.status {
        401 | 403 | 407 => finding.advise("Turn off the tunnel’s own sign-in: the identity provider cannot pass it."),
        429 => finding.advise("The tunnel’s limit is used up. Wait, or use another tunnel."),
        _ => finding
            .advise(format!("Forward the tunnel to 127.0.0.1:{port}."))
            .with_command(Operator::of(host).start_command(asked)),
    }
}

/// What the operator of the tunnel says itself, by its codes.
fn tunnel_says(asked: &Asked, answer: &Answer) -> Option<Finding> {
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
            .advise("Wait until the limit is renewed, or use another tunnel."),
            _ => Finding::new(
                TunnelCode::TunnelOffline,
                "ngrok reports an error",
                format!("{url} answers {} ({name}).", answer.status),
            )
            .advise(format!("Look at https://ngrok.com/docs/errors/err_ngrok_{code}.")),
        });
    }
    let is_cloudflare = answer.header("server").is_some_and(|server| server.eq_ignore_ascii_case("cloudflare"));
    if let Some(code) = answer.cloudflare_code() {
        match code {
            1033 | 1016 => return Some(offline("Cloudflare", &format!("error {code}"))),
            _ if answer.status >= 500 => return Some(nothing(&format!("{} (error {code})", answer.status))),
            _ => {}
        }
    }
    if is_cloudflare && answer.status == 530 && answer.body.contains("Cloudflare Tunnel error") {
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

fn path_changed(asked: &Asked, received: Option<&str>) -> Finding {
    let seen = received.map(|path| format!(" as {}", quoted(path))).unwrap_or_default();
    Finding::new(
        TunnelCode::PathChanged,
        "The tunnel changes paths",
        format!("{} reaches this app, but {}… arrives{seen}.", asked.url, PATH),
    )
    .advise("Turn off path rewriting: the tunnel has to forward every path unchanged.")
}

fn redirected(asked: &Asked, location: &str) -> Finding {
    let Asked { url, host, is_https, .. } = asked;
    let target = url::Url::parse(url).and_then(|base| base.join(location));
    let shown = match &target {
        Ok(target) => target.origin().ascii_serialization(),
        Err(_) => quoted(location),
    };
    let is_same_host = target.as_ref().is_ok_and(|target| target.host_str() == Some(host));
    let is_upgrade = !is_https && is_same_host && target.as_ref().is_ok_and(|target| target.scheme() == "https");
    let finding = Finding::new(TunnelCode::Redirected, "The address sends on elsewhere", String::new());
    if is_upgrade {
        Finding { text: format!("{url} sends everybody on to {shown}."), ..finding }
            .advise(format!("Use {shown} as the tunnel URL."))
    } else if is_same_host {
        Finding { text: format!("{url} sends the request on to another path, {}.", quoted(location)), ..finding }
            .advise("Turn off redirects and sign-in pages: the identity provider follows none.")
    } else {
        Finding { text: format!("{url} sends everybody on to {shown}."), ..finding }
            .advise("Turn off the tunnel’s sign-in or redirect: the identity provider follows none.")
    }
}

/// This app's own answer.
struct Own {
    proof: String,
    /// The path under which the question arrived, if it was another.
    path: Option<String>,
    /// Whether its `Authorization` header arrived.
    has_authorization: bool,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    fn own(&self) -> Option<Own> {
        let body: Value = serde_json::from_str(&self.body).ok()?;
        let text = |name| body.get(name).and_then(Value::as_str).map(str::to_owned);
        text("product").filter(|product| product == PRODUCT)?;
        let has_authorization = body.get("authorization").and_then(Value::as_bool).unwrap_or(false);
        Some(Own { proof: text("proof")?, path: text("path"), has_authorization })
    }

    /// A SCIM error in the words of `provisioning/dispatch.rs`: for a way that drops unknown headers.
    fn is_scim_error_of_ours(&self) -> bool {
        self.status == 404 && self.body.contains("SCIM endpoints begin with /scim/v2/")
    }

    fn is_html(&self) -> bool {
        let body = self.body.trim_start().to_ascii_lowercase();
        self.header("content-type").is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"))
            || body.starts_with("<!doctype html")
            || body.starts_with("<html")
    }

    /// `3200` of `ERR_NGROK_3200`, from ngrok's header or its page.
    fn ngrok_code(&self) -> Option<u32> {
        let text = self.header("ngrok-error-code").unwrap_or(&self.body);
        number_after(text, "ERR_NGROK_")
    }

    /// `1033` of `error code: 1033`, as Cloudflare tells programs, or of its page.
    fn cloudflare_code(&self) -> Option<u32> {
        let is_cloudflare = self.header("server").is_some_and(|server| server.eq_ignore_ascii_case("cloudflare"));
        if !is_cloudflare && !self.body.starts_with("error code: ") {
            return None;
        }
        number_after(&self.body, "error code: ").or_else(|| number_after(&self.body, "Error "))
    }

    /// For the step that looks at the answer.
    fn words(&self) -> String {
        let kind = if self.is_html() { ", a web page" } else { "" };
        format!("{}{kind}", self.status)
    }

    /// The beginning of a short text, to recognise the other program by.
    fn quote(&self) -> String {
        let line = self.body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        if line.is_empty() || self.is_html() { String::new() } else { format!(": {}", quoted(line)) }
    }
}

fn number_after(text: &str, mark: &str) -> Option<u32> {
    let rest = &text[text.find(mark)? + mark.len()..];
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

fn quoted(text: &str) -> String {
    let mut cut: String = text.trim().chars().filter(|character| !character.is_control()).take(QUOTED).collect();
    if text.trim().chars().count() > QUOTED {
        cut.push('…');
    }
    format!("“{cut}”")
}

impl Observed {
    /// Nothing yet, or nothing at all.
    pub(crate) fn nothing(ended: Ended) -> Self {
        Self { address: None, dns_ms: None, tls: None, tls_ms: None, proxy: None, ended }
    }
}

impl Finding {
    fn new(code: TunnelCode, title: &str, text: String) -> Self {
        Self { code, title: title.to_owned(), text, advice: None, command: None }
    }

    fn advise(self, advice: impl Into<String>) -> Self {
        Self { advice: Some(advice.into()), ..self }
    }

    fn with_command(self, command: Option<String>) -> Self {
        Self { command, ..self }
    }

    /// Whether this process answered.
    pub(crate) fn is_from_here(&self) -> bool {
        matches!(self.code, TunnelCode::Works | TunnelCode::PathChanged | TunnelCode::AuthorizationLost)
    }

    /// What it means.
    pub(crate) fn outcome(&self) -> TunnelOutcome {
        match self.code {
            TunnelCode::Works => TunnelOutcome::Works,
            TunnelCode::CouldNotCheck => TunnelOutcome::Unknown,
            _ => TunnelOutcome::Problem,
        }
    }
}

impl Ended {
    /// Whether a network that lets only a proxy out would look like this.
    fn is_no_way_out(&self) -> bool {
        matches!(
            self,
            Self::UnknownHost
                | Self::NoNameService
                | Self::Unreachable
                | Self::Refused
                | Self::TimedOut { phase: Phase::Dns | Phase::Connect, .. }
        )
    }
}

impl TlsFault {
    fn words(self) -> &'static str {
        match self {
            Self::Expired => "The certificate is no longer valid",
            Self::WrongName => "The certificate is for another host name",
            Self::UnknownIssuer => "Nobody that this machine trusts has signed the certificate",
            Self::NotTls => "What answers does not speak https",
            Self::Refused => "The server refuses a secure connection for this name",
        }
    }
}

impl Operator {
    fn of(host: &str) -> Self {
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
    fn start_command(self, asked: &Asked) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use TunnelCode::*;

    use super::*;

    fn asked(url: &str) -> Asked {
        let parsed = url::Url::parse(url).expect("a URL");
        Asked {
            url: url.to_owned(),
            host: parsed.host_str().expect("a host").to_owned(),
            is_https: parsed.scheme() == "https",
            port: 7246,
            proof: "ours".to_owned(),
        }
    }

    fn observed(ended: Ended) -> Observed {
        Observed {
            address: Some("3.125.102.39".to_owned()),
            dns_ms: Some(8),
            tls: matches!(ended, Ended::Answered(_)).then_some("TLS 1.3"),
            tls_ms: Some(19),
            proxy: None,
            ended,
        }
    }

    fn answered(status: u16, headers: &[(&str, &str)], body: &str) -> Ended {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Ended::Answered(Answer { status, headers, body: body.to_owned(), duration_ms: 43 })
    }

    const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");
    const CLOUDFLARE: (&str, &str) = ("server", "cloudflare");
    const NGROK: &str = "https://ada.ngrok.app";
    const QUICK: &str = "https://calm-sea.trycloudflare.com";
    const OWN: &str = "https://scim.example.com";

    #[test]
    fn every_answer_has_its_finding_and_one_thing_to_do() {
        let json = ("content-type", "application/json");
        for (url, ended, code, words, command) in [
            (
                NGROK,
                answered(200, &[json], r#"{"product":"SCIM Setup","proof":"ours","authorization":true}"#),
                Works,
                "in 43 ms",
                None,
            ),
            (
                OWN,
                answered(200, &[json], r#"{"product":"SCIM Setup","proof":"ours","authorization":false}"#),
                AuthorizationLost,
                "Authorization header",
                None,
            ),
            (
                OWN,
                answered(200, &[json], r#"{"product":"SCIM Setup","proof":"theirs"}"#),
                AnotherCopy,
                "not to this one",
                None,
            ),
            (
                OWN,
                answered(404, &[json], r#"{"product":"SCIM Setup","proof":"ours","path":"/x/y"}"#),
                PathChanged,
                "“/x/y”",
                None,
            ),
            (
                OWN,
                answered(
                    404,
                    &[],
                    r#"{"schemas":[],"detail":"There is nothing here. SCIM endpoints begin with /scim/v2/ and a directory's id."}"#,
                ),
                PathChanged,
                "arrives",
                None,
            ),
            (
                NGROK,
                answered(404, &[HTML, ("ngrok-error-code", "ERR_NGROK_3200")], "<!DOCTYPE html>"),
                TunnelOffline,
                "ERR_NGROK_3200",
                Some("ngrok http 7246 --url https://ada.ngrok.app"),
            ),
            (
                NGROK,
                answered(404, &[HTML], "<!DOCTYPE html>… ERR_NGROK_3200"),
                TunnelOffline,
                "ngrok knows",
                Some("ngrok http 7246 --url https://ada.ngrok.app"),
            ),
            (
                NGROK,
                answered(502, &[HTML, ("ngrok-error-code", "ERR_NGROK_8012")], ""),
                NothingOnPort,
                "502",
                Some("ngrok http 7246 --url https://ada.ngrok.app"),
            ),
            (NGROK, answered(200, &[HTML], "<html>ERR_NGROK_6024"), HtmlPage, "browsers", None),
            (NGROK, answered(403, &[("ngrok-error-code", "ERR_NGROK_727")], ""), TunnelOffline, "limit", None),
            (NGROK, answered(400, &[("ngrok-error-code", "ERR_NGROK_4018")], ""), TunnelOffline, "4018", None),
            (
                QUICK,
                answered(530, &[CLOUDFLARE], "error code: 1033"),
                TunnelOffline,
                "1033",
                Some("cloudflared tunnel --url http://127.0.0.1:7246"),
            ),
            (
                QUICK,
                answered(530, &[CLOUDFLARE, HTML], "<title>Cloudflare Tunnel error | x"),
                TunnelOffline,
                "1033",
                Some("cloudflared tunnel --url http://127.0.0.1:7246"),
            ),
            (OWN, answered(530, &[CLOUDFLARE], ""), NothingOnPort, "530", None),
            (
                QUICK,
                answered(502, &[CLOUDFLARE, HTML], "<html>"),
                NothingOnPort,
                "502",
                Some("cloudflared tunnel --url http://127.0.0.1:7246"),
            ),
            ("https://box.tail1.ts.net", answered(502, &[], ""), NothingOnPort, "502", Some("tailscale funnel 7246")),
            (OWN, answered(503, &[HTML], "<html>"), TunnelOffline, "503", None),
            (OWN, answered(504, &[], ""), TimedOut, "504", None),
            (OWN, answered(200, &[], "no tunnel here :("), TunnelOffline, "no tunnel is running", None),
            (OWN, answered(200, &[HTML], "hello"), HtmlPage, "web page", None),
            (OWN, answered(404, &[], "  <!doctype HTML><p>"), HtmlPage, "404", None),
            (OWN, answered(200, &[json], r#"{"hello":"world"}"#), AnotherProgram, "hello", None),
            (OWN, answered(401, &[], ""), AnotherProgram, "401", None),
            (OWN, answered(429, &[], "slow down"), AnotherProgram, "slow down", None),
            (
                "http://scim.example.com",
                answered(308, &[("location", "https://scim.example.com/")], ""),
                Redirected,
                "https://scim.example.com",
                None,
            ),
            (
                OWN,
                answered(302, &[("location", "https://login.example.net/in?x=secret")], ""),
                Redirected,
                "https://login.example.net.",
                None,
            ),
            (OWN, answered(301, &[("location", "/app/")], ""), Redirected, "“/app/”", None),
            (
                QUICK,
                Ended::UnknownHost,
                DnsUnknown,
                "does not exist",
                Some("cloudflared tunnel --url http://127.0.0.1:7246"),
            ),
            (OWN, Ended::UnknownHost, DnsUnknown, "scim.example.com", None),
            (OWN, Ended::NoNameService, CouldNotCheck, "no way", None),
            (OWN, Ended::Unreachable, CouldNotCheck, "no way", None),
            (OWN, Ended::NotListening, CouldNotCheck, "7246", None),
            ("http://bore.pub:4021", Ended::Refused, NoAnswer, "refuses", Some("bore local 7246 --to bore.pub")),
            (OWN, Ended::BrokeOff, NoAnswer, "without an answer", None),
            (OWN, Ended::Tls(TlsFault::Expired), TlsBad, "no longer valid", None),
            (OWN, Ended::Tls(TlsFault::WrongName), TlsBad, "another host name", None),
            (OWN, Ended::Tls(TlsFault::UnknownIssuer), TlsBad, "signed", None),
            (OWN, Ended::Tls(TlsFault::NotTls), TlsBad, "https", None),
            (OWN, Ended::Tls(TlsFault::Refused), TlsBad, "refuses", None),
            (OWN, Ended::TimedOut { phase: Phase::Answer, seconds: 10 }, TimedOut, "after 10 s", None),
            (OWN, Ended::TimedOut { phase: Phase::Dns, seconds: 10 }, TimedOut, "10 s", None),
            ("https://my_host.example.com", answered(200, &[], ""), UnderscoreInHost, "underscore", None),
        ] {
            let finding = judge(&asked(url), &observed(ended.clone()));
            assert_eq!(finding.code, code, "{url} {ended:?} {finding:?}");
            assert!(finding.text.contains(words), "{url} {ended:?} {finding:?}");
            assert_eq!(finding.command.as_deref(), command, "{url} {ended:?}");
            assert_eq!(finding.advice.is_none(), code == Works, "only what works needs no advice: {finding:?}");
            let advice = finding.advice.as_deref().unwrap_or(".");
            assert!(finding.text.ends_with('.') && advice.ends_with('.'), "sentences: {finding:?}");
            assert!(!finding.text.contains("secret"), "queries are not repeated: {finding:?}");
        }
    }

    #[test]
    fn behind_a_proxy_only_an_answer_counts() {
        let behind = |ended| Observed { proxy: Some("HTTPS_PROXY"), ..observed(ended) };
        let finding = judge(&asked(OWN), &behind(Ended::UnknownHost));
        assert_eq!(finding.code, CouldNotCheck);
        assert!(finding.text.contains("HTTPS_PROXY"), "{finding:?}");
        assert_eq!(judge(&asked(OWN), &behind(answered(502, &[], ""))).code, NothingOnPort);
    }

    #[test]
    fn steps_stop_at_the_first_failure() {
        use TunnelStepState::{Failed, NotChecked, Passed};
        for (url, address, ended, expected) in [
            (
                OWN,
                Some("3.1.2.3"),
                answered(200, &[], r#"{"product":"SCIM Setup","proof":"ours","authorization":true}"#),
                [Passed, Passed, Passed, Passed, Passed],
            ),
            (
                OWN,
                Some("3.1.2.3"),
                answered(200, &[], r#"{"product":"SCIM Setup","proof":"ours","authorization":false}"#),
                [Passed, Passed, Passed, Passed, Failed],
            ),
            (
                OWN,
                Some("3.1.2.3"),
                answered(404, &[], r#"{"product":"SCIM Setup","proof":"ours","path":"/"}"#),
                [Passed, Passed, Passed, Failed, NotChecked],
            ),
            (OWN, Some("3.1.2.3"), answered(502, &[], ""), [Passed, Passed, Failed, NotChecked, NotChecked]),
            (OWN, Some("3.1.2.3"), Ended::Tls(TlsFault::Expired), [Passed, Failed, NotChecked, NotChecked, NotChecked]),
            (OWN, Some("3.1.2.3"), Ended::Refused, [Passed, NotChecked, Failed, NotChecked, NotChecked]),
            (OWN, None, Ended::UnknownHost, [Failed, NotChecked, NotChecked, NotChecked, NotChecked]),
            (OWN, None, Ended::NotListening, [NotChecked; 5]),
        ] {
            let seen = Observed { address: address.map(str::to_owned), ..observed(ended) };
            let finding = judge(&asked(url), &seen);
            let states: Vec<_> = steps(&asked(url), &seen, &finding).into_iter().map(|step| step.state).collect();
            assert_eq!(states, expected, "{finding:?}");
        }
    }

    #[test]
    fn a_hostile_answer_is_quoted_short() {
        let body = format!("\u{1b}[31m{}", "é".repeat(2_000));
        let finding = judge(&asked(OWN), &observed(answered(200, &[], &body)));
        assert!(finding.text.chars().count() < 200 && !finding.text.contains('\u{1b}'), "{finding:?}");
    }
}
