//! The floor: what answering SCIM-looking JSON costs when nothing is done beyond keeping it.
//!
//! axum and SQLite, one JSON row for each resource, every write on disk before it is answered. No schema, no policy, no history, no
//! recording, and a token that is compared as text. `scim-setup serve` is measured against it, on the same machine in the same minutes.

#![expect(clippy::print_stdout, reason = "the line that says where it listens is for the bench")]

mod api;
mod store;

use std::path::PathBuf;

use axum::serve::ListenerExt;
use clap::Parser;
use tokio::net::TcpListener;

/// The token that every request has to show. There is nothing to protect.
const TOKEN: &str = "floor";

#[derive(Parser)]
struct Arguments {
    /// The folder of the database
    #[arg(long)]
    data: PathBuf,
}

#[tokio::main]
async fn main() -> Result<(), String> {
    let folder = Arguments::parse().data;
    std::fs::create_dir_all(&folder).map_err(|error| format!("{} cannot be created: {error}", folder.display()))?;
    let store = store::Store::open(&folder.join("floor.sqlite3")).map_err(|error| error.to_string())?;
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| format!("no port is free: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let base_url = format!("http://{address}/scim/v2");
    println!("{}", serde_json::json!({ "scimBaseUrl": base_url, "bearerToken": TOKEN }));
    // A stream without it waits for a delayed acknowledgement; one that refuses it is served all the same.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, api::routes(store, &base_url)).await.map_err(|error| error.to_string())
}
