//! Accounts that drop, and are kept online all the same: over callbacks, by asking, and on one connection.

mod eyun;
mod others;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use generated_sdk::supervisor::{State, Supervisor, SupervisorBuilder};
use tokio::time::sleep;

const PATIENCE: Duration = Duration::from_secs(40);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Codes that were shown, each with its account.
type Codes = Arc<Mutex<Vec<(String, String)>>>;

/// A supervisor that notes what it shows.
fn noting(codes: &Codes) -> SupervisorBuilder {
    let codes = Arc::clone(codes);
    Supervisor::builder().on_code(move |account, code| {
        let shown = (account.to_owned(), code.to_owned());
        codes.lock().expect("no panic").push(shown);
    })
}

fn shown(codes: &Codes) -> Vec<String> {
    let codes = codes.lock().expect("no panic");
    codes.iter().map(|(account, _)| account.clone()).collect()
}

/// Waits until an account is online after so many logins.
async fn online(supervisor: &Supervisor, account: &str, logins: u64) {
    let begun = Instant::now();
    loop {
        let health = supervisor.health();
        let mut found = health.iter().filter(|known| known.account == account);
        let found = found.next().expect("an account");
        if found.state == State::Online && found.logins >= logins {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{found:?}");
        sleep(ms(2)).await;
    }
}

/// Numbers that look random, and are the same each time.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("small")
    }
}
