//! Many people at once.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::okta::{Okta, Person};

/// Requests under way at the same time.
const AT_ONCE: usize = 32;

/// Creates people with these numbers, as fast as they are taken.
pub(crate) async fn create_people(okta: &Okta, numbers: Range<usize>) {
    let next = Arc::new(AtomicUsize::new(numbers.start));
    let workers = (0..AT_ONCE).map(|_| {
        let (okta, next, end) = (okta.clone(), next.clone(), numbers.end);
        tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return;
                }
                okta.create(&person(number)).await;
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.expect("no create fails");
    }
}

/// Creates `rate` people a second for `time`, from number `first` on, and returns how many it were: fewer if the server
/// takes longer.
pub(crate) async fn pace_people(okta: &Okta, first: usize, rate: usize, time: Duration) -> usize {
    let began = Instant::now();
    let mut sent = 0;
    while began.elapsed() < time {
        let due = (began.elapsed().as_secs_f64() * rate as f64) as usize;
        let until = due.clamp(sent, sent + AT_ONCE * 4);
        create_people(okta, first + sent..first + until).await;
        sent = until;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    sent
}

/// No two alike.
fn person(number: usize) -> Person {
    Person::new(&format!("person-{number}@example.com"), "Person", &number.to_string()).with_job("Engineer", "Research")
}
