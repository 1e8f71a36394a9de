//! What requests show of a setup that works, though perhaps not as it was meant.

use super::track::{Outcome, Rule};
use crate::clock::rfc3339;
use crate::facts::Sighting;
use crate::model::{GuideRemark, GuideTrackId};

struct Remark {
    id: &'static str,
    tracks: &'static [GuideTrackId],
    shown_by: Rule,
    text: &'static str,
}

const REMARKS: &[Remark] = &[Remark {
    id: "import-groups",
    tracks: &[GuideTrackId::OktaAiw, GuideTrackId::OktaTemplate],
    // okta-03-save-to-app-groups-cache; Refresh App Groups sends the same (protocol notes §1.5).
    shown_by: Rule { methods: &["GET"], targets: &["/Groups"], outcome: Outcome::Done },
    text: "Okta listed the groups: Import Groups is ticked, or Refresh App Groups was clicked. It works here. If Okta shows an error, untick Import Groups under Supported provisioning actions.",
}];

/// What the requests of a track's provider show.
pub(super) fn remarks(track: GuideTrackId, sightings: &[Sighting]) -> Vec<GuideRemark> {
    let known = REMARKS.iter().filter(|remark| remark.tracks.contains(&track));
    let shown = known.filter_map(|remark| {
        let seen =
            sightings.iter().filter(|sighting| remark.shown_by.fits(sighting)).max_by_key(|seen| seen.last_id)?;
        Some(GuideRemark {
            id: remark.id.to_owned(),
            text: remark.text.to_owned(),
            exchange_id: seen.last_id,
            at: rfc3339(seen.last_at),
        })
    });
    shown.collect()
}
