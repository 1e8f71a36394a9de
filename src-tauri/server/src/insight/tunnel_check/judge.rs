//! From what was observed to a finding: rules in order, each with its sentences.

use super::finding::Finding;
use super::observed::{Ended, Observed, Phase, TlsFault};
use super::operator::{Operator, tunnel_says};
use super::response::{Own, Response, quoted};
use super::{Asked, PATH};
use crate::insight::public_url;
use crate::model::TunnelCode;

/// Judges what was observed. The first rule that fits decides.
pub(crate) fn judge(asked: &Asked, observed: &Observed) -> Finding {
    if asked.host.contains('_') {
        return Finding::new(
            TunnelCode::UnderscoreInHost,
            "This address has an underscore",
            format!(
                "{} has an underscore in its name, which {} does not accept.",
                asked.host,
                public_url::refusing_underscores()
            ),
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
    judge_end(asked, &observed.ended)
}

fn judge_end(asked: &Asked, ended: &Ended) -> Finding {
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
            let found = Finding::new(TunnelCode::DnsUnknown, "This host name does not exist", text);
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
                Phase::Response => format!("Restart the tunnel, and make sure that it forwards to 127.0.0.1:{port}."),
                _ => "Look at this machine’s internet connection and firewall, then check again.".to_owned(),
            };
            Finding::new(TunnelCode::TimedOut, "No answer in time", text).advise(advice)
        }
        Ended::Answered(answer) => judge_response(asked, answer),
    }
}

fn judge_response(asked: &Asked, answer: &Response) -> Finding {
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
        429 => finding.advise("The tunnel’s limit is used up. Wait, or use a different tunnel."),
        _ => finding
            .advise(format!("Forward the tunnel to 127.0.0.1:{port}."))
            .with_command(Operator::of(host).start_command(asked)),
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
