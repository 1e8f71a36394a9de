//! A server that does one thing wrong: it passes requests on to a real directory, and changes what it is told to.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use serde_json::Value;
use simulator::Address;
use tokio::net::TcpListener;
use tokio::sync::Mutex as AsyncMutex;
use wire::{Client, Limits};

use crate::harness::Directory;

/// A request on its way.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub method: String,
    /// Path and query below the base URL.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// An answer on its way back.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// How long it is kept back.
    pub delay: Duration,
}

/// What is wrong with a server.
#[derive(Clone)]
pub(crate) struct Fault {
    instead: Instead,
    after: After,
}

/// Answers in the place of the directory.
type Instead = Arc<dyn Fn(&mut Sent) -> Option<Reply> + Send + Sync>;

/// Changes the directory's answer.
type After = Arc<dyn Fn(&Sent, &mut Reply) + Send + Sync>;

/// A running server that does something wrong.
pub(crate) struct Faulty {
    pub base_url: String,
    heard: Arc<Mutex<Vec<Sent>>>,
}

impl Fault {
    /// Answers some requests by itself, or changes them before they are passed on.
    pub(crate) fn instead(instead: impl Fn(&mut Sent) -> Option<Reply> + Send + Sync + 'static) -> Self {
        Self { instead: Arc::new(instead), after: Arc::new(|_, _| {}) }
    }

    /// Changes some answers besides.
    pub(crate) fn and_after(self, after: impl Fn(&Sent, &mut Reply) + Send + Sync + 'static) -> Self {
        Self { after: Arc::new(after), ..self }
    }

    /// What it answers by itself, for a fault that has another in it.
    pub(crate) fn answers_instead(&self, sent: &mut Sent) -> Option<Reply> {
        (self.instead)(sent)
    }

    /// Changes some answers.
    pub(crate) fn after(after: impl Fn(&Sent, &mut Reply) + Send + Sync + 'static) -> Self {
        Self { instead: Arc::new(|_| None), after: Arc::new(after) }
    }
}

impl Sent {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The path without the query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

impl Reply {
    pub(crate) fn new(status: u16, body: &str) -> Self {
        let headers = vec![("content-type".to_owned(), "application/scim+json".to_owned())];
        Self { status, headers, body: body.as_bytes().to_vec(), delay: Duration::ZERO }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Changes the body, if it is JSON.
    pub(crate) fn edit(&mut self, edit: impl Fn(&mut Value)) {
        if let Ok(mut json) = serde_json::from_slice::<Value>(&self.body) {
            edit(&mut json);
            self.body = json.to_string().into_bytes();
        }
    }
}

impl Faulty {
    /// Starts one in front of a directory.
    pub(crate) async fn start(directory: &Directory, fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base_url = format!("http://{}/scim", listener.local_addr().expect("an address"));
        let heard: Arc<Mutex<Vec<Sent>>> = Arc::default();
        let client = Arc::new(AsyncMutex::new(Client::new(Limits::default())));
        let to = Address::parse(&directory.base_url).expect("a base URL");
        let (_, path) = crate::client::split(&directory.base_url);
        let (noted, own) = (heard.clone(), base_url.clone());
        let router = axum::Router::new().fallback(move |request: Request<Body>| {
            let (client, to, path, fault, noted, own) =
                (client.clone(), to.clone(), path.clone(), fault.clone(), noted.clone(), own.clone());
            async move {
                let mut sent = receive(request).await;
                noted.lock().expect("no panic").push(sent.clone());
                let mut reply = match (fault.instead)(&mut sent) {
                    Some(reply) => reply,
                    None => {
                        let below = format!("{path}{}", sent.target);
                        let mut client = client.lock().await;
                        let answer = client.send(&to, &sent.method, &below, &sent.headers, Some(&sent.body)).await;
                        let answer = answer.expect("the directory answers");
                        // To whoever asks, this is the server.
                        let theirs = |text: &str| text.replace(&to.to_string(), &own);
                        let headers =
                            answer.headers.iter().map(|(name, value)| (name.clone(), theirs(value))).collect();
                        let body = theirs(&String::from_utf8_lossy(&answer.body)).into_bytes();
                        Reply { status: answer.status, headers, body, delay: Duration::ZERO }
                    }
                };
                (fault.after)(&sent, &mut reply);
                tokio::time::sleep(reply.delay).await;
                respond(reply)
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves until the test ends") });
        Self { base_url, heard }
    }

    /// `METHOD target` of what arrived so far.
    pub(crate) fn heard(&self) -> Vec<String> {
        let heard = self.heard.lock().expect("no panic");
        heard.iter().map(|sent| format!("{} {}", sent.method, sent.target)).collect()
    }

    /// The body of the first POST.
    pub(crate) fn posted(&self) -> String {
        let heard = self.heard.lock().expect("no panic");
        let posted = heard.iter().find(|sent| sent.method == "POST").expect("a POST");
        String::from_utf8_lossy(&posted.body).into_owned()
    }
}

async fn receive(request: Request<Body>) -> Sent {
    let (head, body) = request.into_parts();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let target = target.strip_prefix("/scim").unwrap_or(target).to_owned();
    let is_of_connection = |name: &HeaderName| matches!(name.as_str(), "host" | "content-length" | "connection");
    let headers = head.headers.iter().filter(|(name, _)| !is_of_connection(name));
    let headers = headers
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let body = to_bytes(body, 64 << 20).await.expect("a body").to_vec();
    Sent { method: head.method.to_string(), target, headers, body }
}

fn respond(reply: Reply) -> Response<Body> {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).expect("a status");
    for (name, value) in
        reply.headers.iter().filter(|(name, _)| name != "content-length" && name != "transfer-encoding")
    {
        let name: HeaderName = name.parse().expect("a name");
        response.headers_mut().append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
    }
    response
}
