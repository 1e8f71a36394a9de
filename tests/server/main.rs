//! The server over real ports and real database files.

#[path = "../support/ask.rs"]
mod ask;
#[path = "../support/client.rs"]
mod client;
#[path = "../support/databases.rs"]
mod databases;
#[path = "../support/fixtures.rs"]
mod fixtures;
#[path = "../support/matchers.rs"]
mod matchers;
#[path = "../support/receiver.rs"]
mod receiver;

mod absence;
mod bad_input;
mod batches;
mod bounds;
mod bulk;
mod cases;
mod control;
mod control_file;
mod data;
mod directories;
mod doctors;
mod drafts;
mod earlier_versions;
mod exchanges;
mod explanations;
mod facts;
mod find;
mod former_urls;
mod forwarding;
mod guide;
mod harness;
mod history;
mod integration;
mod live;
mod marks;
mod names;
mod notices;
mod people;
mod policies;
mod provider_fixtures;
mod queries;
mod recording;
mod references;
mod replay;
mod retention;
mod secrets;
mod simulated;
mod start;
mod strangers;
mod tokens;
mod tunnel;
mod versions;
mod webhooks;
mod window;
