//! Webhooks: where the software under test is told what happens in an environment.

use std::net::IpAddr;

use serde::Deserialize;
use url::{Host, Position, Url};
use utoipa::ToSchema;

use super::{Error, Result, notices, present};
use crate::core::Core;
use crate::ids::short_id;
use crate::insight::notices::Seen;
use crate::insight::public_url::may_be_public;
use crate::model::{
    AppEventType, EnvironmentId, Event, NoticePlace, NoticeTab, Webhook, WebhookDisabledBecause, WebhookId,
    WebhookWithSecret,
};
use crate::secret::WebhookSecret;
use crate::store::webhooks::Endpoint;
use crate::store::{StoreError, changes, directories, environments, webhooks};

/// Webhooks of an environment at the most.
const MOST_WEBHOOKS: usize = 20;

/// Characters of an address at the most.
const LONGEST_URL: usize = 2_000;

/// A new webhook.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewWebhook {
    /// Where to send: `http://localhost:3000/webhooks`.
    pub(crate) url: String,
    /// Which types of event; `null`: all.
    #[serde(default)]
    pub(crate) types: Option<Vec<AppEventType>>,
    /// Whether to send to an address that is neither on this machine nor in a private network.
    #[serde(default)]
    pub(crate) confirmed: bool,
    /// Whether it is deleted at the next start, if nobody has done so before.
    #[serde(default)]
    pub(crate) is_temporary: bool,
}

/// What changes of a webhook. What is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct WebhookPatch {
    /// Where to send.
    pub(crate) url: Option<String>,
    /// Which types of event; `null`: all.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<Vec<AppEventType>>)]
    pub(crate) types: Option<Option<Vec<AppEventType>>>,
    /// Whether it sends. One that is enabled again goes on where it stopped, and sends at once what waits.
    pub(crate) is_enabled: Option<bool>,
    /// Whether to send to an address that is neither on this machine nor in a private network.
    pub(crate) confirmed: bool,
}

/// Adds a webhook, which is told of what happens from now on. The answer is the only one that has its secret.
///
/// # Errors
/// If there is no such environment, or the address cannot be used or needs to be confirmed.
pub(crate) fn create(core: &Core, environment: &EnvironmentId, new: NewWebhook) -> Result<WebhookWithSecret> {
    let endpoint = Endpoint {
        id: WebhookId(format!("wh_{}", short_id())),
        environment: environment.clone(),
        url: checked_url(&new.url, new.confirmed)?,
        is_confirmed: new.confirmed,
        types: checked_types(new.types)?,
        secret: WebhookSecret::generate(),
        is_temporary: new.is_temporary,
        created_at: core.clock.now(),
        revision: 0,
        disabled: None,
    };
    let stored = endpoint.clone();
    core.store.write(move |tx| {
        let environment = &stored.environment;
        environments::by_id(tx, environment)?.ok_or_else(|| Error::missing("environment", environment))?;
        if webhooks::count(tx, environment)? >= MOST_WEBHOOKS {
            let message =
                format!("An environment has {MOST_WEBHOOKS} webhooks at the most. Delete one that is not needed.");
            return Err(Error::conflict("url", message));
        }
        Ok(webhooks::insert(tx, &stored, changes::newest_seq(tx)?)?)
    })?;
    with_secret(core, &endpoint)
}

/// The webhooks of an environment, the oldest first.
///
/// # Errors
/// If there is no such environment.
pub(crate) fn list(core: &Core, environment: &EnvironmentId) -> Result<Vec<Webhook>> {
    core.store.read_with_requests(|c| {
        environments::by_id(c, environment)?.ok_or_else(|| Error::missing("environment", environment))?;
        Ok(webhooks::all(c, environment)?)
    })
}

/// One webhook.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn read(core: &Core, id: &WebhookId) -> Result<Webhook> {
    core.store.read_with_requests(|c| webhooks::by_id(c, id))?.ok_or_else(|| Error::missing("webhook", id))
}

/// Changes a webhook.
///
/// # Errors
/// If there is none with this id, or the address cannot be used or needs to be confirmed.
pub(crate) fn update(core: &Core, id: &WebhookId, patch: WebhookPatch) -> Result<Webhook> {
    let url = patch.url.map(|url| checked_url(&url, patch.confirmed)).transpose()?;
    let types = patch.types.map(checked_types).transpose()?;
    let now = core.clock.now();
    change(core, id, move |endpoint| {
        // Another address is another question.
        let stays = url.as_ref().is_none_or(|url| *url == endpoint.url);
        endpoint.is_confirmed = patch.confirmed || (stays && endpoint.is_confirmed);
        endpoint.url = url.unwrap_or(endpoint.url.clone());
        endpoint.types = types.unwrap_or(endpoint.types.clone());
        endpoint.disabled = match patch.is_enabled {
            Some(true) => None,
            Some(false) => endpoint.disabled.or(Some((now, WebhookDisabledBecause::Person))),
            None => endpoint.disabled,
        };
    })?;
    read(core, id)
}

/// Gives a webhook another secret: what is sent from now on is signed with that one. The answer is the only one that has it.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn rotate_secret(core: &Core, id: &WebhookId) -> Result<WebhookWithSecret> {
    let endpoint = change(core, id, |endpoint| endpoint.secret = WebhookSecret::generate())?;
    with_secret(core, &endpoint)
}

/// Deletes a webhook with its log.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn delete(core: &Core, id: &WebhookId) -> Result<()> {
    let webhook = read(core, id)?;
    let deleted = id.clone();
    core.store.write(move |tx| webhooks::delete(tx, &deleted))?;
    core.live.publish(Event::Webhooks { environment_id: webhook.environment_id });
    Ok(super::directories::forget_deleted(core)?)
}

/// Deletes the webhooks that were to go with the program that ran before.
///
/// # Errors
/// If the database refuses.
pub(crate) fn delete_temporary(core: &Core) -> Result<(), StoreError> {
    if core.store.read(webhooks::has_temporary)? {
        core.store.write(|tx| webhooks::delete_temporary(tx))?;
    }
    Ok(())
}

/// What sending needs of one.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn endpoint(core: &Core, id: &WebhookId) -> Result<Endpoint> {
    core.store.read(|c| webhooks::endpoint(c, id))?.ok_or_else(|| Error::missing("webhook", id))
}

/// What sending needs of those that are enabled.
///
/// # Errors
/// If the database refuses.
pub(crate) fn enabled(core: &Core) -> Result<Vec<Endpoint>, StoreError> {
    let all = core.store.read(webhooks::endpoints)?;
    Ok(all.into_iter().filter(|endpoint| endpoint.disabled.is_none()).collect())
}

/// Whether a webhook is enabled, and as it was.
///
/// # Errors
/// If the database refuses.
pub(crate) fn is_enabled_as(core: &Core, known: &Endpoint) -> Result<bool, StoreError> {
    let endpoint = core.store.read(|c| webhooks::endpoint(c, &known.id))?;
    Ok(endpoint.is_some_and(|endpoint| endpoint == *known && endpoint.disabled.is_none()))
}

/// Disables a webhook that a person has neither disabled nor changed since something was sent there, and says so.
///
/// # Errors
/// If the database refuses.
pub(crate) fn disable(core: &Core, endpoint: &Endpoint, because: WebhookDisabledBecause) -> Result<(), StoreError> {
    let (known, now) = (endpoint.clone(), core.clock.now());
    if !core.store.write(move |tx| webhooks::disable(tx, &known, now, because))? {
        return Ok(());
    }
    let environment = &endpoint.environment;
    core.live.publish(Event::Webhooks { environment_id: environment.clone() });
    let text = match because {
        WebhookDisabledBecause::Gone => "It answered 410 Gone.",
        WebhookDisabledBecause::Failing => "It has failed for 5 days.",
        WebhookDisabledBecause::Person => return Ok(()),
    };
    let directory = core.store.read(|c| directories::of_environment(c, environment))?.into_iter().next();
    let place =
        directory.map_or(NoticePlace::Settings, |id| NoticePlace::Directory { id, tab: NoticeTab::App, open: None });
    notices::take(core, Seen::WebhookDisabled { url: endpoint.url.clone(), text, place });
    Ok(())
}

/// Where a webhook's requests go: the origin, and the path with its query.
///
/// # Errors
/// A sentence if it is not such an address.
pub(crate) fn split_url(url: &str) -> Result<(String, String), String> {
    let url = Url::parse(url).map_err(|error| error.to_string())?;
    Ok((url.origin().ascii_serialization(), url[Position::BeforePath..Position::AfterQuery].to_owned()))
}

fn change(core: &Core, id: &WebhookId, change: impl FnOnce(&mut Endpoint) + Send + 'static) -> Result<Endpoint> {
    let id = id.clone();
    let changed = core.store.write(move |tx| {
        let mut endpoint = webhooks::endpoint(tx, &id)?.ok_or_else(|| Error::missing("webhook", &id))?;
        change(&mut endpoint);
        webhooks::save(tx, &endpoint)?;
        Ok::<_, Error>(endpoint)
    })?;
    core.live.publish(Event::Webhooks { environment_id: changed.environment.clone() });
    Ok(changed)
}

fn with_secret(core: &Core, endpoint: &Endpoint) -> Result<WebhookWithSecret> {
    core.live.publish(Event::Webhooks { environment_id: endpoint.environment.clone() });
    Ok(WebhookWithSecret { secret: endpoint.secret.reveal().to_owned(), webhook: read(core, &endpoint.id)? })
}

fn checked_types(types: Option<Vec<AppEventType>>) -> Result<Option<Vec<AppEventType>>> {
    let Some(mut types) = types else { return Ok(None) };
    if types.is_empty() {
        return Err(Error::invalid("types", "Choose at least one type of event, or all."));
    }
    types.sort_unstable();
    types.dedup();
    Ok(Some(types))
}

/// Whether an address is on this machine or in a private network, where what is sent needs no confirmation.
pub(crate) fn is_near(address: IpAddr) -> bool {
    let host = match address {
        IpAddr::V4(address) => Host::Ipv4(address),
        IpAddr::V6(address) => Host::Ipv6(address),
    };
    !may_be_public(&host)
}

/// What a person has to agree to: what is sent has people's data in it.
fn checked_url(text: &str, is_confirmed: bool) -> Result<String> {
    let invalid = |message: &str| Error::invalid("url", message);
    let text = text.trim();
    if text.len() > LONGEST_URL {
        return Err(invalid("This address is too long. Shorten it to 2,000 characters."));
    }
    let url =
        Url::parse(text).map_err(|_| invalid("Enter the whole address, such as http://localhost:3000/webhooks."))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid(
            "The address has to start with http:// or https://, such as http://localhost:3000/webhooks.",
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid(
            "The address must not have a user name or password. Your app knows by the signature who sends.",
        ));
    }
    if url.fragment().is_some() {
        return Err(invalid("Leave out what follows the #: it is never sent."));
    }
    let host = url.host().ok_or_else(|| invalid("The address has no host."))?;
    if !is_confirmed && may_be_public(&host) {
        let clear =
            if url.scheme() == "http" { " It can be read in transit: the address starts with http." } else { "" };
        return Err(Error::invalid(
            "confirmed",
            format!(
                "{host} is neither this machine nor in a private network. Users and groups, with everything the identity provider says about them, will be sent there.{clear} Confirm this first."
            ),
        ));
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_needs_no_confirmation() {
        for (address, expected) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("10.1.2.3", true),
            ("192.168.1.20", true),
            ("fd00::1", true),
            ("::ffff:192.168.1.20", true),
            ("8.8.8.8", false),
            ("2606:4700::1111", false),
            ("::ffff:8.8.8.8", false),
        ] {
            assert_eq!(is_near(address.parse().expect("an address")), expected, "{address}");
        }
    }

    #[test]
    fn an_address_is_used_as_it_is_or_refused_with_a_word_about_it() {
        for (text, path) in [
            ("http://localhost:3000/webhooks", "/webhooks"),
            (" https://127.0.0.1:8443 ", "/"),
            ("http://[::1]:3000/a/?b=c&d", "/a/?b=c&d"),
            ("http://192.168.1.20/hook", "/hook"),
            ("http://app.internal/hook", "/hook"),
        ] {
            let url = checked_url(text, false).expect("it is here");
            assert_eq!(split_url(&url).expect("a URL").1, path, "{text}");
        }
        for (text, field, said) in [
            ("localhost:3000/webhooks", "url", "start with http://"),
            ("webhooks", "url", "whole address"),
            ("http://ada:secret@localhost/", "url", "user name or password"),
            ("http://localhost/#a", "url", "follows the #"),
            ("https://example.com/hook", "confirmed", "example.com is neither this machine"),
            ("http://example.com/hook", "confirmed", "can be read in transit"),
        ] {
            match checked_url(text, false).expect_err("it is refused") {
                Error::Invalid { field: found, message } => {
                    assert_eq!(found, field, "{text}");
                    assert!(message.contains(said), "{text}: {message}");
                }
                other => panic!("{other}"),
            }
        }
        assert!(checked_url("https://example.com/hook", true).is_ok(), "a person has confirmed it");
    }
}
