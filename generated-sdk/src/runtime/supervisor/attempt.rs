//! A login under way: what was saved, what is to be saved, what a person has to see.

use super::plan::Seen;
use super::watched::Watched;
use crate::runtime::call::BoxError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How far apart the questions are whether a person has scanned.
const EVERY: Duration = Duration::from_secs(2);

/// One login of one account.
#[derive(Clone)]
pub struct Attempt(pub(super) Arc<Watched>);

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Attempt").field(&self.account()).finish()
    }
}

impl Attempt {
    /// The name under which the account is supervised.
    pub fn account(&self) -> &str {
        &self.0.name
    }

    /// What an earlier login has saved under this name.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub async fn saved(&self, what: &str) -> Result<Option<String>, BoxError> {
        self.0.settings.keeper.get(&self.0.name, what).await
    }

    /// Saves something for the next login, across restarts: `token`.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub async fn save(&self, what: &str, text: &str) -> Result<(), BoxError> {
        self.0.settings.keeper.put(&self.0.name, what, text).await
    }

    /// Hands out what a person has to scan or to open.
    pub fn show(&self, code: &str) {
        self.0.show(code);
    }

    /// Waits until the account is online, as a vendor tells it that a person has scanned; false if that takes longer.
    pub async fn until_online(&self, within: Duration) -> bool {
        let seen = async {
            loop {
                match self.0.plan.ask(&self.0.session).await {
                    None | Some(Seen::Online) => return,
                    Some(Seen::Offline(_) | Seen::Unclear(_)) => {}
                }
                // Told or not, it is asked again.
                let _ = timeout(EVERY.min(within / 4), self.0.wake.notified()).await;
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(within, seen).await.is_ok()
    }
}
