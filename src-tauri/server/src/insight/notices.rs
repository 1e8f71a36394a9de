//! What is worth a notification on the desktop, and what is told together.

use scim::shortened;

use crate::clock::{Millis, rfc3339};
use crate::model::{DirectoryId, ExchangeId, Notice, NoticeKind, NoticePlace, NoticeTab};

const SECOND: Millis = 1_000;

/// Requests that are refused within this time of the first are one notice.
pub(crate) const GATHER: Millis = 10 * SECOND;

/// Only after this time without a refusal is the next one news again.
pub(crate) const QUIET: Millis = 10 * 60 * SECOND;

/// Characters of a sentence at the most; names can be long.
const LONGEST: usize = 160;

/// A directory, for a notice about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) id: DirectoryId,
    pub(crate) name: String,
}

/// Something that may be worth a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// The first request of a directory that was accepted, or the first after refusals.
    Accepted { directory: About, is_first: bool, text: String },
    /// The first user of a directory arrived.
    FirstUser { directory: About, user: String, text: String },
    /// A request was refused; `text` says why.
    Refused { directory: About, exchange: ExchangeId, text: String },
    /// A tunnel that led here does not any more.
    TunnelLost { url: String, text: String },
    /// A tunnel leads here again.
    TunnelBack { url: String },
    /// A webhook was disabled; `text` says why.
    WebhookDisabled { url: String, text: &'static str, place: NoticePlace },
}

/// Refusals of a directory that belong together.
#[derive(Clone, Debug)]
struct Refusals {
    directory: About,
    /// Of the newest.
    exchange: ExchangeId,
    text: String,
    count: u64,
    first_at: Millis,
    last_at: Millis,
    is_told: bool,
}

/// Gathers what is told together.
#[derive(Debug, Default)]
pub(crate) struct PendingNotices(Vec<Refusals>);

impl PendingNotices {
    /// Takes something in; returns what is to be told at once.
    pub(crate) fn take(&mut self, seen: Seen, now: Millis) -> Option<Notice> {
        match seen {
            Seen::Refused { directory, exchange, text } => {
                self.refused(directory, exchange, text, now);
                None
            }
            Seen::Accepted { directory, is_first, text } => {
                let title = if is_first { "is connected" } else { "is connected again" };
                let place = place(&directory, NoticeTab::Requests, None);
                Some(notice(NoticeKind::Connected, now, format!("{} {title}", directory.name), &sentence(&text), place))
            }
            Seen::FirstUser { directory, user, text } => {
                let title = format!("First user in {}", directory.name);
                Some(notice(
                    NoticeKind::FirstUser,
                    now,
                    title,
                    &sentence(&text),
                    place(&directory, NoticeTab::Users, Some(user)),
                ))
            }
            Seen::TunnelLost { url, text } => {
                let title = format!("No way in through {}", host(&url));
                Some(notice(NoticeKind::Tunnel, now, title, &text, NoticePlace::Settings))
            }
            Seen::TunnelBack { url } => {
                let title = format!("{} reaches this app again", host(&url));
                Some(notice(NoticeKind::Tunnel, now, title, "The tunnel works.", NoticePlace::Settings))
            }
            Seen::WebhookDisabled { url, text, place } => {
                let title = format!("Webhook disabled: {}", host(&url));
                Some(notice(NoticeKind::Webhook, now, title, text, place))
            }
        }
    }

    /// What has been gathered for long enough, as one notice.
    pub(crate) fn due(&mut self, now: Millis) -> Option<Notice> {
        self.0.retain(|refusals| !refusals.is_told || now - refusals.last_at < QUIET);
        // Who is due takes along what is gathered already: two notices at once say less than one.
        if !self.0.iter().any(|refusals| !refusals.is_told && now - refusals.first_at >= GATHER) {
            return None;
        }
        let due: Vec<Refusals> = self.0.iter().filter(|refusals| !refusals.is_told).cloned().collect();
        for refusals in &mut self.0 {
            refusals.is_told = true;
        }
        let newest = due.iter().max_by_key(|refusals| refusals.last_at)?;
        let count = due.iter().map(|refusals| refusals.count).sum();
        let whom = if due.len() == 1 { newest.directory.name.clone() } else { format!("{} directories", due.len()) };
        let place = place(&newest.directory, NoticeTab::Requests, Some(newest.exchange.to_string()));
        Some(notice(
            NoticeKind::Refused,
            now,
            format!("{} refused: {whom}", requests(count)),
            &sentence(&newest.text),
            place,
        ))
    }

    /// Whether something is gathered that is not told yet.
    pub(crate) fn is_waiting(&self) -> bool {
        self.0.iter().any(|refusals| !refusals.is_told)
    }

    fn refused(&mut self, directory: About, exchange: ExchangeId, text: String, now: Millis) {
        let known = self.0.iter_mut().find(|known| known.directory.id == directory.id && now - known.last_at < QUIET);
        if let Some(known) = known {
            *known = Refusals { directory, exchange, text, count: known.count + 1, last_at: now, ..*known };
            return;
        }
        self.0.retain(|known| known.directory.id != directory.id);
        self.0.push(Refusals { directory, exchange, text, count: 1, first_at: now, last_at: now, is_told: false });
    }
}

fn notice(kind: NoticeKind, at: Millis, title: String, text: &str, place: NoticePlace) -> Notice {
    Notice { kind, at: rfc3339(at), title: cut(&title), text: cut(text), place }
}

fn place(directory: &About, tab: NoticeTab, open: Option<String>) -> NoticePlace {
    NoticePlace::Directory { id: directory.id.clone(), tab, open }
}

fn requests(count: u64) -> String {
    if count == 1 { "1 request was".to_owned() } else { format!("{count} requests were") }
}

fn host(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, host)| host)
}

/// With a full stop.
fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// One line, not too long: names come from outside.
fn cut(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.chars().count() <= LONGEST { line } else { shortened(&line, LONGEST - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Millis = 1_780_833_600_000;

    fn about(name: &str) -> About {
        About { id: DirectoryId(name.to_lowercase()), name: name.to_owned() }
    }

    fn refused(directory: &str, exchange: ExchangeId) -> Seen {
        Seen::Refused {
            directory: about(directory),
            exchange,
            text: "Rejected: the bearer token does not match".to_owned(),
        }
    }

    #[test]
    fn refusals_are_told_together_and_again_only_after_quiet() {
        let mut gathering = PendingNotices::default();
        for (exchange, second) in [(1, 0), (2, 3), (3, 9)] {
            assert_eq!(gathering.take(refused("Okta", ExchangeId(exchange)), NOON + second * SECOND), None);
            assert_eq!(gathering.due(NOON + second * SECOND), None, "after {second} s");
        }
        let told = gathering.due(NOON + GATHER).expect("a notice");
        assert_eq!(told.title, "3 requests were refused: Okta");
        assert_eq!(told.text, "Rejected: the bearer token does not match.");
        let open = Some("3".to_owned());
        assert_eq!(told.place, NoticePlace::Directory { id: "okta".into(), tab: NoticeTab::Requests, open });
        assert_eq!(gathering.due(NOON + GATHER), None, "it is told once");

        // As long as they keep coming, nothing is news.
        let mut at = NOON + 9 * SECOND;
        for exchange in 4..40 {
            at += QUIET - SECOND;
            gathering.take(refused("Okta", ExchangeId(exchange)), at);
            assert_eq!(gathering.due(at + GATHER), None, "request {exchange}");
        }
        at += QUIET;
        gathering.take(refused("Okta", ExchangeId(40)), at);
        let again = gathering.due(at + GATHER).expect("a notice after quiet");
        assert_eq!(again.title, "1 request was refused: Okta");
    }

    #[test]
    fn several_directories_are_one_notice() {
        let mut gathering = PendingNotices::default();
        gathering.take(refused("Okta", ExchangeId(1)), NOON);
        gathering.take(refused("Entra ID", ExchangeId(2)), NOON + 5 * SECOND);
        let told = gathering.due(NOON + GATHER).expect("a notice");
        assert_eq!(told.title, "2 requests were refused: 2 directories");
        assert_eq!(gathering.due(NOON + 2 * GATHER), None, "both are told");
    }

    #[test]
    fn good_news_is_told_at_once() {
        let text = "Okta tested the connection".to_owned();
        for (seen, title, told) in [
            (
                Seen::Accepted { directory: about("Okta"), is_first: true, text: text.clone() },
                "Okta is connected",
                "Okta tested the connection.",
            ),
            (
                Seen::Accepted { directory: about("Okta"), is_first: false, text },
                "Okta is connected again",
                "Okta tested the connection.",
            ),
            (
                Seen::FirstUser {
                    directory: about("Okta"),
                    user: "7".into(),
                    text: "Okta created Ada Lovelace".into(),
                },
                "First user in Okta",
                "Okta created Ada Lovelace.",
            ),
            (
                Seen::TunnelLost { url: "https://ada.ngrok.app".into(), text: "It answers 502.".into() },
                "No way in through ada.ngrok.app",
                "It answers 502.",
            ),
            (
                Seen::TunnelBack { url: "https://ada.ngrok.app".into() },
                "ada.ngrok.app reaches this app again",
                "The tunnel works.",
            ),
            (
                Seen::WebhookDisabled {
                    url: "http://localhost:3000/webhooks".into(),
                    text: "It answered 410 Gone.",
                    place: NoticePlace::Settings,
                },
                "Webhook disabled: localhost:3000/webhooks",
                "It answered 410 Gone.",
            ),
        ] {
            let notice = PendingNotices::default().take(seen, NOON).expect("a notice");
            assert_eq!((notice.title.as_str(), notice.text.as_str()), (title, told));
        }
    }

    #[test]
    fn a_name_from_outside_is_one_line_of_some_length() {
        let text = format!("Okta created {}\n\u{7}", "a".repeat(1_000_000));
        let seen = Seen::FirstUser { directory: about("Okta"), user: "7".into(), text };
        let notice = PendingNotices::default().take(seen, NOON).expect("a notice");
        assert_eq!(notice.text.chars().count(), LONGEST);
        assert!(!notice.text.chars().any(char::is_control));
    }
}
