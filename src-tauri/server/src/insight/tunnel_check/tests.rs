use super::*;
use crate::model::TunnelCode::*;
use crate::model::TunnelStepState;

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
    Ended::Answered(Response { status, headers, body: body.to_owned(), duration_ms: 43 })
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
            OWN,
            answered(
                404,
                &[],
                r#"{"schemas":[],"detail":"This is SCIM Setup, but the address names no directory. A base URL looks like …"}"#,
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
        (OWN, Ended::TimedOut { phase: Phase::Response, seconds: 10 }, TimedOut, "after 10 s", None),
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
