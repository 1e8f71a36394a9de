use std::io::Write;

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

/// An answer with a body in an encoding; `identity` changes nothing.
fn answering(encoding: &str, body: &[u8]) -> &'static [u8] {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    Vec::leak([head.as_bytes(), body].concat())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[tokio::test]
async fn a_compressed_answer_is_read_and_a_bomb_is_not() {
    let (to, _serving) =
        server(vec![answering("gzip", &gzip(b"{\"totalResults\":0}")), answering("gzip", &gzip(&[b' '; 100_000]))])
            .await;
    let mut client = Client::new(Limits { body_bytes: 50_000, ..Limits::default() });
    assert_eq!(get(&mut client, &to, "/").await.expect("an answer").body, b"{\"totalResults\":0}");
    assert_eq!(get(&mut client, &to, "/").await.err(), Some(NoAnswer::TooLarge { most: 50_000 }));
}

#[tokio::test]
async fn an_answer_costs_no_more_than_its_limits() {
    const MOST: usize = 4 << 20;
    let bomb = gzip(&vec![b' '; 30 << 20]);
    assert!(bomb.len() < 32 << 10, "{}", bomb.len());
    let too_large = Err(NoAnswer::TooLarge { most: MOST });
    let too_many = Err(NoAnswer::TooManyValues { most: 200_000 });
    let zeros = |count: usize| format!("[0{}]", ",0".repeat(count - 1)).into_bytes();
    let within = [b"{\"id\":\"".as_slice(), "[,{:".repeat((MOST - 10) / 4).as_bytes(), b"\"}"].concat();
    let rows = [
        ("30 KB that are 30 MB", "gzip", bomb, too_large.clone()),
        ("the same with another head", "deflate", zlib(&vec![b' '; 30 << 20]), too_large.clone()),
        ("one byte too many, compressed", "gzip", gzip(&vec![b' '; MOST + 1]), too_large.clone()),
        ("one byte too many", "identity", vec![b' '; MOST + 1], too_large),
        ("just as many as there may be", "gzip", gzip(&vec![b' '; MOST]), Ok(())),
        ("2 million values", "identity", zeros(MOST / 2 - 1), too_many.clone()),
        ("the same in 5 KB", "gzip", gzip(&zeros(MOST / 2 - 1)), too_many.clone()),
        ("one value too many: the array is one", "identity", zeros(200_000), too_many.clone()),
        ("just as many as there may be", "identity", zeros(199_999), Ok(())),
        (
            "objects and arrays are values",
            "identity",
            format!("[{}1]", "{},[],".repeat(100_000)).into(),
            too_many.clone(),
        ),
        ("names are not values", "identity", format!("[{}1]", "{\"a\":1},".repeat(99_999)).into(), Ok(())),
        (
            "a value that is replaced was one",
            "identity",
            format!("{{{}\"a\":1}}", "\"a\":1,".repeat(200_000)).into(),
            too_many.clone(),
        ),
        ("too many, and then no JSON", "identity", [zeros(300_000), b"}".to_vec()].concat(), too_many.clone()),
        (
            "no UTF-8, which may be read in its stead",
            "identity",
            [b"[\"\xff\",".to_vec(), zeros(300_000)].concat(),
            too_many,
        ),
        ("too deep for any value to come of it", "identity", vec![b'['; MOST], Ok(())),
        ("one long text", "identity", within, Ok(())),
        ("no JSON, but much punctuation", "identity", format!("<p>{}", ",[".repeat(300_000)).into(), Ok(())),
    ];
    for (why, encoding, body, expected) in rows {
        let (to, _serving) = server(vec![answering(encoding, &body)]).await;
        let found = get(&mut Client::new(Limits::default()), &to, "/").await.map(drop);
        assert_eq!(found, expected, "{why}");
    }
    assert_eq!(NoAnswer::TooManyValues { most: 200_000 }.to_string(), "The answer has more than 200,000 values.");
    assert_eq!(NoAnswer::TooLarge { most: MOST }.to_string(), "The answer is larger than 4 MiB.");
    assert_eq!(NoAnswer::TooLarge { most: 50_000 }.to_string(), "The answer is larger than 50,000 bytes.");
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let to = Address::parse(&format!("http://{}", listener.local_addr().expect("an address"))).expect("a URL");
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        assert!(stream.read(&mut [0; 4096]).await.is_ok_and(|read| read > 0), "a request");
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4194305\r\n\r\n").await.expect("the head leaves");
        // Nothing follows: whoever waits for the body waits until the time is up. This ends when the client hangs up.
        stream.read(&mut [0; 1]).await
    });
    let found = get(&mut Client::new(Limits::default()), &to, "/").await.map(drop);
    assert_eq!(found, Err(NoAnswer::TooLarge { most: 4 << 20 }));
    assert!(matches!(serving.await.expect("the server ends"), Ok(0) | Err(_)), "the client hangs up");
}

#[tokio::test]
async fn a_stream_is_read_as_it_comes_and_not_waited_for_without_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let to = Address::parse(&format!("http://{}", listener.local_addr().expect("an address"))).expect("a URL");
    let (go_on, told) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        assert!(stream.read(&mut [0; 4096]).await.is_ok_and(|read| read > 0), "a request");
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\none\n\n\r\n";
        stream.write_all(head).await.expect("the first piece leaves");
        told.await.expect("the client has read it");
        stream.write_all(b"5\r\ntwo\n\n\r\n").await.expect("the second piece leaves");
        stream
    });
    let client = Client::new(Limits { time: Duration::from_millis(500), ..Limits::default() });
    let mut stream = client.stream(&to, "/live", &[]).await.expect("a head");
    assert_eq!(stream.status, 200);
    assert_eq!(stream.next().await, Ok(Some(Bytes::from_static(b"one\n\n"))));
    go_on.send(()).expect("the server waits");
    assert_eq!(stream.next().await, Ok(Some(Bytes::from_static(b"two\n\n"))));
    let connection = serving.await.expect("the server waits");
    assert!(matches!(stream.next().await, Err(NoAnswer::TimedOut { .. })), "nothing more comes");
    drop(connection);
    assert!(matches!(stream.next().await, Err(NoAnswer::BrokeOff { .. })), "it was not the end");
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

#[tokio::test]
async fn a_name_is_no_way_to_an_address_that_is_not_accepted() {
    let (to, serving) = server(vec![b"HTTP/1.1 204 No Content\r\n\r\n"]).await;
    let to = Address::parse(&to.to_string().replace("127.0.0.1", "localhost")).expect("an address");
    let mut refusing = Client::default().only_to(|address| !address.is_loopback());
    let refused = get(&mut refusing, &to, "/").await.expect_err("it is refused");
    assert!(matches!(&refused, NoAnswer::NotAccepted { address, .. } if address.is_loopback()), "{refused}");
    let mut accepting = Client::default().only_to(|address| address.is_loopback());
    assert_eq!(get(&mut accepting, &to, "/").await.expect("an answer").status, 204);
    assert_eq!(serving.await.expect("requests").len(), 1);
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

#[test]
fn what_is_near_is_told_from_what_is_elsewhere() {
    let is_private = |host: &str| Address::parse(&format!("http://{host}/scim")).expect("an address").is_private();
    for near in
        ["localhost", "127.0.0.2", "[::1]", "10.1.2.3", "192.168.1.5", "172.16.0.1", "[fd00::1]", "nas", "a.test"]
    {
        assert!(is_private(near), "{near}");
    }
    // A cloud gives away the keys of a machine at a link-local address.
    for elsewhere in
        ["169.254.169.254", "[fe80::1]", "[fe80::a9fe:a9fe]", "192.0.2.1", "scim.example.com", "172.32.0.1"]
    {
        assert!(!is_private(elsewhere), "{elsewhere}");
    }
}

/// What came of a body that was passed on.
async fn passed(pool: &Pool, to: &Address, method: &str, body: &'static str) -> Result<String, NoAnswer> {
    let body = Full::new(Bytes::from_static(body.as_bytes())).map_err(|never| match never {}).boxed_unsync();
    let request = Request::builder().method(method).uri(to.below("/Users")).header("Host", to.authority());
    let response = pool.send(request.body(body).expect("a request")).await?;
    Ok(String::from_utf8(response.into_body().collect().await.expect("a body").to_bytes().to_vec()).expect("text"))
}

#[tokio::test]
async fn a_connection_is_used_again_but_for_a_write_which_is_never_sent_twice() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let to = Address::parse(&format!("http://{}/scim", listener.local_addr().expect("an address"))).expect("a URL");
    let (answer, read) =
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", |heard: &[u8]| String::from_utf8_lossy(heard).into_owned());
    let serving = tokio::spawn(async move {
        let mut heard = Vec::new();
        let mut buffer = vec![0; 4096];
        let (mut first, _) = listener.accept().await.expect("a connection");
        let length = first.read(&mut buffer).await.expect("a request");
        heard.push(read(&buffer[..length]));
        first.write_all(answer).await.expect("the answer leaves");
        // The write has a connection of its own, and is not answered.
        let (mut second, _) = listener.accept().await.expect("a connection");
        let length = second.read(&mut buffer).await.expect("a request");
        heard.push(read(&buffer[..length]));
        drop(second);
        let length = first.read(&mut buffer).await.expect("a request");
        heard.push(read(&buffer[..length]));
        first.write_all(answer).await.expect("the answer leaves");
        heard
    });
    let pool = Pool::new(to.clone(), Tls::default());
    assert_eq!(passed(&pool, &to, "GET", "").await.as_deref(), Ok("ok"));
    assert!(matches!(passed(&pool, &to, "POST", "{}").await, Err(NoAnswer::BrokeOff { .. })), "it may have been done");
    assert_eq!(passed(&pool, &to, "GET", "").await.as_deref(), Ok("ok"));
    let methods: Vec<_> = serving.await.expect("it ends").iter().map(|heard| heard[..4].to_owned()).collect();
    assert_eq!(methods, ["GET ", "POST", "GET "]);
}

#[tokio::test]
async fn of_an_answer_that_does_not_end_the_beginning_is_read() {
    let endless: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n";
    let whole: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";
    let (to, serving) = server(vec![endless, whole]).await;
    let mut client = Client::new(Limits::default());
    let beginning = client.send_for_beginning(&to, "POST", "/", &[], b"{}", 4).await.expect("an answer");
    assert_eq!((beginning.answer.body.as_slice(), beginning.is_whole), (b"abcd".as_slice(), false));
    let beginning = client.send_for_beginning(&to, "POST", "/", &[], b"{}", 4).await.expect("an answer");
    assert_eq!((beginning.answer.status, beginning.is_whole), (204, true));
    assert!(serving.await.expect("the server ends")[0].starts_with("POST / HTTP/1.1"));
}
