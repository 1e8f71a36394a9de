//! Rules over what was recorded: who asked, what happened in words, what was wrong with a token or an address. No I/O.

pub(crate) mod absence;
pub(crate) mod case;
pub(crate) mod client;
pub(crate) mod explain;
pub(crate) mod explanation;
pub(crate) mod former_url;
pub(crate) mod guide;
pub(crate) mod har;
pub(crate) mod links;
pub(crate) mod notices;
pub(crate) mod path_doctor;
pub(crate) mod public_url;
pub(crate) mod rfc;
pub(crate) mod story;
pub(crate) mod summary;
pub(crate) mod token_doctor;
pub(crate) mod tunnel_agents;
pub(crate) mod tunnel_check;

/// "1 user", "3 users".
fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
