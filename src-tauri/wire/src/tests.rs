use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// A server that says what it is told, one answer per connection unless the answer keeps it open, and what it was sent.
async fn server(answers: Vec<&'static [u8]>) -> (Address, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}/scim/v2/", listener.local_addr().expect("an address"));
    let serving = tokio::spawn(async move {
        let mut heard = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut buffer = vec![0; 4096];
            let length = stream.read(&mut buffer).await.expect("a request");
            heard.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
            stream.write_all(answer).await.expect("the answer leaves");
        }
        heard
    });
    (Address::parse(&address).expect("a URL"), serving)
}

async fn get(client: &mut Client, to: &Address, path: &str) -> Result<Answer, NoAnswer> {
    let headers = [("User-Agent".to_owned(), String::new()), ("Accept".to_owned(), "application/scim+json".to_owned())];
    client.send(to, "GET", path, &headers, None).await
}

#[tokio::test]
async fn what_is_sent_is_sent_byte_for_byte() {
    let (to, serving) = server(vec![b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"]).await;
    let mut client = Client::new(Limits::default());
    let path = to.below("/Users?filter=userName+eq+%22a%2Bb%22&");
    let answer = get(&mut client, &to, &path).await.expect("an answer");
    assert_eq!((answer.status, answer.reason.as_str(), answer.body.as_slice()), (200, "OK", b"{}".as_slice()));
    let heard = serving.await.expect("the server ends");
    let authority = to.origin().replace("http://", "");
    assert_eq!(
        heard[0],
        format!(
            "GET /scim/v2/Users?filter=userName+eq+%22a%2Bb%22& HTTP/1.1\r\nHost: {authority}\r\n\
             User-Agent: \r\nAccept: application/scim+json\r\n\r\n"
        )
    );
}

#[tokio::test]
async fn a_trailing_question_mark_survives() {
    let (to, serving) = server(vec![b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"]).await;
    get(&mut Client::new(Limits::default()), &to, &to.below("/Users/1?")).await.expect("an answer");
    assert!(serving.await.expect("the server ends")[0].starts_with("GET /scim/v2/Users/1? HTTP/1.1"));
}

#[tokio::test]
async fn a_closed_connection_is_opened_again() {
    let closing: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let (to, serving) = server(vec![closing, closing]).await;
    let mut client = Client::new(Limits::default());
    for _ in 0..2 {
        let answer = get(&mut client, &to, "/").await.expect("an answer");
        assert_eq!(answer.status, 200);
        // The server has closed the connection; the client hears of it when its turn comes.
        while client.idle.as_ref().is_some_and(|idle| !idle.sender.is_closed()) {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(serving.await.expect("the server ends").len(), 2);
}

#[tokio::test]
async fn a_compressed_answer_is_read_and_a_bomb_is_not() {
    use std::io::Write;
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).expect("memory");
        let body = encoder.finish().expect("memory");
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let answer: &'static [u8] = Vec::leak([head.as_bytes(), &body].concat());
        answer
    };
    let (to, _serving) = server(vec![gzip(b"{\"totalResults\":0}"), gzip(&[b' '; 100_000])]).await;
    let mut client = Client::new(Limits { body_bytes: 50_000, ..Limits::default() });
    assert_eq!(get(&mut client, &to, "/").await.expect("an answer").body, b"{\"totalResults\":0}");
    assert_eq!(get(&mut client, &to, "/").await.err(), Some(NoAnswer::TooLarge { most: 50_000 }));
}

#[tokio::test]
async fn silence_refusal_and_nonsense_have_their_names() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let to = Address::parse(&format!("http://{}", silent.local_addr().expect("an address"))).expect("a URL");
    let mut client = Client::new(Limits { time: Duration::from_millis(20), ..Limits::default() });
    assert!(matches!(get(&mut client, &to, "/").await, Err(NoAnswer::TimedOut { .. })));
    drop(silent);
    let mut client = Client::new(Limits::default());
    assert!(matches!(get(&mut client, &to, "/").await, Err(NoAnswer::Refused { .. })));
    let (to, _serving) = server(vec![b"SSH-2.0-OpenSSH\r\n\r\n"]).await;
    assert!(matches!(get(&mut client, &to, "/").await, Err(NoAnswer::BrokeOff { .. })));
    assert!(matches!(get(&mut client, &to, "/a b").await, Err(NoAnswer::Unsendable { .. })));
}

#[test]
fn base_urls_are_read_and_refused() {
    let parsed = |text: &str| Address::parse(text).map(|address| address.to_string());
    for (text, expected) in [
        ("https://scim.example.com/scim/v2/", "https://scim.example.com/scim/v2"),
        (" http://127.0.0.1:7246/scim/v2/k3v9tq2mxa ", "http://127.0.0.1:7246/scim/v2/k3v9tq2mxa"),
        ("https://scim.example.com:443", "https://scim.example.com"),
        ("https://scim.example.com/v2/?aadOptscim062020", "https://scim.example.com/v2"),
        ("http://[::1]:80/x", "http://[::1]/x"),
    ] {
        assert_eq!(parsed(text).as_deref(), Ok(expected), "{text}");
    }
    for text in ["", "example.com/scim", "ftp://example.com", "https://a:b@example.com", "https://example.com/?x=1"] {
        assert!(parsed(text).is_err(), "{text}");
    }
    assert!(Address::parse("http://localhost:1/").is_ok_and(|address| address.is_loopback()));
    assert!(Address::parse("http://example.com/").is_ok_and(|address| !address.is_loopback()));
}
