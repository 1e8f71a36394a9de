//! What identity providers may have tried while nobody was there to answer.

use crate::clock::{Millis, rfc3339};
use crate::model::{Absence, AbsenceCause, AbsentFor, DirectoryId, DirectoryProvider};

const MINUTE: Millis = 60_000;

/// A shorter gap is a restart, or a heartbeat that came late.
pub(crate) const LEAST_GAP: Millis = 5 * MINUTE;

/// A provider that was silent for longer before the gap is not expected to have tried anything.
const STILL_CONNECTED: Millis = 30 * 24 * 60 * MINUTE;

/// A directory that a provider used before the gap.
#[derive(Clone, Debug)]
pub(crate) struct Connected {
    pub(crate) directory_id: DirectoryId,
    pub(crate) provider: DirectoryProvider,
    /// Its newest accepted request.
    pub(crate) last_at: Millis,
}

/// What to say of a gap from `since` to `until`; nothing if it was short or nobody can have missed the program.
pub(crate) fn judge(cause: AbsenceCause, since: Millis, until: Millis, connected: &[Connected]) -> Option<Absence> {
    if until - since < LEAST_GAP {
        return None;
    }
    let mut providers: Vec<AbsentFor> = Vec::new();
    for directory in connected.iter().filter(|directory| since - directory.last_at <= STILL_CONNECTED) {
        match providers.iter_mut().find(|known| known.provider == directory.provider.name) {
            Some(known) => known.directory_ids.push(directory.directory_id.clone()),
            None => providers.push(AbsentFor {
                provider: directory.provider.name.clone(),
                directory_ids: vec![directory.directory_id.clone()],
                advice: advice(&directory.provider),
            }),
        }
    }
    (!providers.is_empty()).then(|| Absence { cause, since: rfc3339(since), until: rfc3339(until), providers })
}

/// What a provider does with what it could not deliver, and what to do about it.
fn advice(provider: &DirectoryProvider) -> String {
    let (idp, _) = provider.track.find();
    let known = idp.idp().after_absence.value().map(str::to_owned);
    known.unwrap_or_else(|| format!("Look in {} for what failed meanwhile, and send it again.", provider.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::guide;
    use crate::model::GuideTrackId;

    const HOUR: Millis = 60 * MINUTE;
    const CLOSED: Millis = 1_780_833_791_000;

    fn used(directory_id: &str, name: &str, hours_before: Millis) -> Connected {
        let track = if name == "Other" { Some(GuideTrackId::Other) } else { None };
        let provider = guide::provider(track, &[], name);
        Connected { directory_id: directory_id.into(), provider, last_at: CLOSED - hours_before * HOUR }
    }

    #[test]
    fn only_a_gap_that_somebody_can_have_noticed_is_told() {
        let okta = [used("a", "Okta", 1)];
        for (what, gap, connected, is_told) in [
            ("a night", 14 * HOUR, &okta[..], true),
            ("five minutes", LEAST_GAP, &okta, true),
            ("a restart", LEAST_GAP - 1, &okta, false),
            ("a clock that was set back", -HOUR, &okta, false),
            ("nobody is connected", 14 * HOUR, &[], false),
            ("Okta was silent for two months", 14 * HOUR, &[used("a", "Okta", 60 * 24)], false),
        ] {
            let told = judge(AbsenceCause::Closed, CLOSED, CLOSED + gap, connected);
            assert_eq!(told.is_some(), is_told, "{what}: {told:?}");
        }
    }

    #[test]
    fn each_provider_is_told_once_with_its_directories() {
        let connected = [used("a", "Okta", 1), used("b", "Entra ID", 2), used("c", "Okta", 3), used("d", "Other", 3)];
        let told = judge(AbsenceCause::Slept, CLOSED, CLOSED + 2 * HOUR, &connected).expect("a gap");
        let of: Vec<_> = told.providers.iter().map(|of| (of.provider.as_str(), of.directory_ids.join(" "))).collect();
        assert_eq!(of, [("Okta", "a c".into()), ("Entra ID", "b".into()), ("your provider", "d".into())]);
        assert!(told.providers[0].advice.contains("does not retry a deactivation"), "{told:?}");
        assert_eq!((told.cause, told.since.as_str()), (AbsenceCause::Slept, "2026-06-07T12:03:11.000Z"));
    }
}
