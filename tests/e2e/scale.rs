//! Many people at once.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use crate::okta::{Okta, Person};

/// Requests under way at the same time.
const AT_ONCE: usize = 32;

/// Who was created, by number, and when that was answered.
pub(crate) type Created = Vec<(usize, SystemTime)>;

/// Creates people with these numbers, as fast as they are taken.
pub(crate) async fn create_people(okta: &Okta, numbers: Range<usize>) -> Created {
    let next = Arc::new(AtomicUsize::new(numbers.start));
    let workers = (0..AT_ONCE).map(|_| {
        let (okta, next, end) = (okta.clone(), next.clone(), numbers.end);
        tokio::spawn(async move {
            let mut created = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return created;
                }
                okta.create(&person(number)).await;
                created.push((number, SystemTime::now()));
            }
        })
    });
    let mut created = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        created.extend(worker.await.expect("no create fails"));
    }
    created
}

/// Creates `rate` people a second for `time`, from number `first` on: fewer if the server takes longer.
pub(crate) async fn pace_people(okta: &Okta, first: usize, rate: usize, time: Duration) -> Created {
    let began = Instant::now();
    let mut created = Vec::new();
    while began.elapsed() < time {
        let due = (began.elapsed().as_secs_f64() * rate as f64) as usize;
        let until = due.clamp(created.len(), created.len() + AT_ONCE * 4);
        created.extend(create_people(okta, first + created.len()..first + until).await);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    created
}

/// No two alike.
fn person(number: usize) -> Person {
    Person::new(&format!("person-{number}@example.com"), "Person", &number.to_string()).with_job("Engineer", "Research")
}
