//! A SCIM server as somebody begins to write one: it keeps what it is sent, knows neither filters nor PATCH, and deletes no group.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Users and groups by their paths, and how many there have been.
type Kept = Arc<Mutex<(BTreeMap<String, Value>, u32)>>;

/// Answers until it is dropped.
pub(crate) struct Naive {
    base_url: String,
    answering: JoinHandle<()>,
}

impl Naive {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port exists");
        let base_url = format!("http://{}/scim", listener.local_addr().expect("a bound listener has an address"));
        let kept = Kept::default();
        let answering = tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                // Who hangs up is done.
                tokio::spawn(serve(caller, kept.clone()));
            }
        });
        Self { base_url, answering }
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for Naive {
    fn drop(&mut self) {
        self.answering.abort();
    }
}

async fn serve(caller: TcpStream, kept: Kept) -> Option<()> {
    let mut caller = BufReader::new(caller);
    loop {
        let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
        caller.read_line(&mut first).await.ok().filter(|read| *read > 0)?;
        while line != "\r\n" {
            line.clear();
            caller.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
            if let Some(bytes) = line.to_lowercase().strip_prefix("content-length:") {
                length = bytes.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        caller.read_exact(&mut body).await.ok()?;
        let mut words = first.split(' ');
        let (method, target) = (words.next()?, words.next()?);
        let path = target.split('?').next()?.trim_start_matches("/scim/");
        let (status, answer) = answer(&kept, method, path, serde_json::from_slice(&body).unwrap_or_default());
        let text = answer.map(|json| json.to_string()).unwrap_or_default();
        let head =
            format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", text.len());
        caller.write_all((head + &text).as_bytes()).await.ok()?;
    }
}

fn answer(kept: &Kept, method: &str, path: &str, mut body: Value) -> (u16, Option<Value>) {
    let (kept, count) = &mut *kept.lock().expect("nobody panics");
    match (method, path) {
        ("GET", "Users" | "Groups") => {
            let all: Vec<&Value> = kept.iter().filter(|(key, _)| key.starts_with(path)).map(|(_, one)| one).collect();
            (200, Some(json!({ "totalResults": all.len(), "Resources": all })))
        }
        ("POST", "Users" | "Groups") => {
            *count += 1;
            body["id"] = count.to_string().into();
            kept.insert(format!("{path}/{count}"), body.clone());
            (201, Some(body))
        }
        ("DELETE", _) if path.starts_with("Groups/") => (403, None),
        ("DELETE", _) if kept.remove(path).is_some() => (204, None),
        _ => match kept.get(path) {
            Some(resource) => (200, Some(resource.clone())),
            None => (404, Some(json!({ "error": "not found" }))),
        },
    }
}
