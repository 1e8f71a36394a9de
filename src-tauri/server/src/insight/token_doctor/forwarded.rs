//! Tokens that another server has judged: requests were passed on to it with the identity provider's own.

use super::{Diagnosis, place, read_header};
use crate::model::Actor;
use crate::secret::{TOKEN_PREFIX, last_four};

/// Nobody has asked the server.
pub(crate) const ITS_SERVER_DECIDES: &str = "Not checked here: your server decides whom it lets in.";

/// The server wanted no token.
pub(crate) fn not_needed_there() -> Diagnosis {
    Diagnosis { text: "Your server answered without a token.".into(), advice: None }
}

/// The server has let it in.
pub(crate) fn accepted_there() -> Diagnosis {
    Diagnosis { text: "Your server accepted the token.".into(), advice: None }
}

/// The server's answer says nothing of the token.
pub(crate) fn not_judged_there() -> Diagnosis {
    Diagnosis { text: "Your server’s answer does not say whether the token is good.".into(), advice: None }
}

/// The server has refused a request without a token.
pub(crate) fn missing_there(actor: &Actor) -> Diagnosis {
    let advice = format!("{}: paste the token of your server and save.", place(actor));
    Diagnosis::new("The request has no Authorization header, and your server answered 401.", advice)
}

/// The server has refused a token.
pub(crate) fn refused_there(header: &str, actor: &Actor) -> Diagnosis {
    let (token, place) = (read_header(header).token, place(actor));
    if token.starts_with(TOKEN_PREFIX) {
        let advice = format!(
            "{place}: paste the token of your server and save. Or give SCIM Setup your server’s token to put in its place."
        );
        return Diagnosis::new(
            "Your server refused the token: it is one of SCIM Setup’s, which it does not know.",
            advice,
        );
    }
    let which = match last_four(token) {
        end if end.is_empty() => "the token".to_owned(),
        end => format!("the token ending …{end}"),
    };
    let advice =
        format!("{place}: paste a token that your server knows and save, or look there why it refuses this one.");
    Diagnosis::new(format!("Your server refused {which} with 401."), advice)
}
