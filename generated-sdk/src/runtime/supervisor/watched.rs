//! One account: asked every so often and when something was told, logged in when it is offline.

use super::attempt::Attempt;
use super::builder::Settings;
use super::health::{Health, State};
use super::plan::{OnlinePlan, Seen, is_refusal};
use crate::runtime::Scalar;
use crate::runtime::call::{BoxError, BoxFuture, Session};
use crate::runtime::codec::ScalarKind;
use crate::runtime::lock::lock;
use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::sync::Notify;
use tokio::time::timeout;

/// What is saved of an account: who it is, what the session carries, what authorises calls.
pub(super) const ACCOUNT: &str = "account";
const SESSION: &str = "session";
const TOKEN: &str = "token";

/// The first wait after a login that failed, and the longest.
const WAITS: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));

/// Logs an account in, with a person where that has to be.
pub(super) trait LogsIn: Send + Sync {
    fn log_in(&self, attempt: Attempt) -> BoxFuture<'_, Result<(), BoxError>>;
}

/// Whether what was told is about an account, and why it is offline; `None`: it tells of no change.
pub(super) type Tells = Box<dyn Fn(&dyn Any, &str) -> Option<Told> + Send + Sync>;

/// What an event tells.
pub(super) struct Told {
    /// `None`: it does not say whose it is.
    pub(super) is_mine: Option<bool>,
    pub(super) why: String,
}

/// One account.
pub(super) struct Watched {
    pub(super) name: String,
    pub(super) session: Session,
    pub(super) plan: &'static OnlinePlan,
    pub(super) settings: Arc<Settings>,
    pub(super) tells: Tells,
    pub(super) login: Box<dyn LogsIn>,
    pub(super) health: Mutex<Health>,
    /// What was told since it was looked at last.
    pub(super) told: Mutex<Option<String>>,
    pub(super) wake: Notify,
    pub(super) is_over: AtomicBool,
}

impl Watched {
    /// Takes what was saved.
    pub(super) async fn restore(&self) -> Result<(), BoxError> {
        let keeper = &self.settings.keeper;
        if let Some(token) = keeper.get(&self.name, TOKEN).await? {
            self.session.core().reauthorize(token);
        }
        if let Some(session) = keeper.get(&self.name, SESSION).await? {
            self.rebind(&session);
        }
        Ok(())
    }

    fn rebind(&self, session: &str) {
        self.session
            .rebind(0, Scalar::new(session, ScalarKind::Text));
    }

    /// Keeps what the session carries and what authorises it.
    async fn keep(&self) -> Result<(), BoxError> {
        let keeper = &self.settings.keeper;
        if let Some(session) = self.session.values().first() {
            keeper.put(&self.name, SESSION, session.as_str()).await?;
        }
        match self.session.core().token().await? {
            Some(token) => keeper.put(&self.name, TOKEN, token.expose()).await,
            None => Ok(()),
        }
    }

    /// Something was told, or somebody wants it looked at.
    pub(super) fn tell(&self, why: String) {
        *lock(&self.told) = Some(why);
        self.wake.notify_one();
    }

    pub(super) fn show(&self, code: &str) {
        self.set(State::AwaitingPerson, None);
        (self.settings.on_code)(&self.name, code);
    }

    /// `None`: the reason stays.
    fn set(&self, state: State, why: Option<String>) {
        let changed = {
            let mut health = lock(&self.health);
            let before = health.clone();
            if health.state != state {
                (health.state, health.since) = (state, SystemTime::now());
            }
            if let Some(why) = why {
                health.why = why;
            }
            (before != *health).then(|| health.clone())
        };
        // No code of others runs under the lock.
        if let Some(health) = changed {
            (self.settings.on_change)(&health);
        }
    }

    /// How the account is, as far as it can be learned.
    async fn see(&self, told: Option<String>) -> Seen {
        let unbound = |value: &Scalar| value.as_str().is_empty();
        if self.session.values().iter().any(unbound) {
            return Seen::Offline("nobody was logged in yet".to_owned());
        }
        let Some(seen) = self.plan.ask(&self.session).await else {
            // Nothing can be asked: what was told counts, and whoever was never logged in is not.
            let logins = lock(&self.health).logins;
            return match told {
                Some(why) => Seen::Offline(why),
                None if logins == 0 => Seen::Offline("nobody was logged in yet".to_owned()),
                None => Seen::Online,
            };
        };
        match (seen, told) {
            (Seen::Offline(why), Some(told)) if why.is_empty() => Seen::Offline(told),
            (seen, _) => seen,
        }
    }

    /// The same; a token that has run out is renewed first.
    async fn look(&self, told: Option<String>) -> Seen {
        let seen = self.see(told.clone()).await;
        let refused = match &seen {
            Seen::Online => false,
            Seen::Offline(_) => self.plan.when.is_none() && self.plan.asks.is_some(),
            Seen::Unclear(error) => is_refusal(error) || matches!(error.status(), Some(401 | 403)),
        };
        let Some(authorize) = self.settings.authorize.as_ref().filter(|_| refused) else {
            return seen;
        };
        match authorize().await {
            Ok(()) => self.see(told).await,
            Err(error) => Seen::Unclear(error),
        }
    }

    /// Logs in with what was saved, or with a person.
    async fn log_in(self: &Arc<Self>) -> Result<(), BoxError> {
        let account = self.settings.keeper.get(&self.name, ACCOUNT).await?;
        self.set(State::LoggingIn, None);
        let again = self.plan.again.as_ref().zip(account.as_deref());
        let again = match again {
            None => false,
            Some((again, account)) => match again.log_in(&self.session, account).await {
                Ok(session) => {
                    self.rebind(&session);
                    true
                }
                // A person is for what the vendor refuses, not for a gateway that is away.
                Err(error) if is_refusal(&error) => false,
                Err(error) => return Err(error.into()),
            },
        };
        if !again {
            self.login.log_in(Attempt(Arc::clone(self))).await?;
        }
        lock(&self.health).logins += 1;
        self.keep().await?;
        match self.see(None).await {
            Seen::Online => Ok(()),
            Seen::Offline(why) => Err(format!("logged in, but offline: {why}").into()),
            Seen::Unclear(error) => Err(error.into()),
        }
    }

    /// Looks once; false if a login has failed.
    async fn turn(self: &Arc<Self>) -> bool {
        let told = lock(&self.told).take();
        let why = match self.look(told).await {
            Seen::Online => {
                self.set(State::Online, Some(String::new()));
                return true;
            }
            Seen::Unclear(error) => {
                let state = lock(&self.health).state;
                self.set(state, Some(error.to_string()));
                return true;
            }
            Seen::Offline(why) => why,
        };
        let account = self.settings.keeper.get(&self.name, ACCOUNT).await;
        let asked = match account.ok().flatten() {
            Some(account) => self.plan.why(&self.session, &account).await,
            None => None,
        };
        self.set(State::Offline, Some(asked.unwrap_or(why)));
        match self.log_in().await {
            Ok(()) => {
                self.set(State::Online, Some(String::new()));
                true
            }
            Err(error) => {
                self.set(State::Failed, Some(error.to_string()));
                false
            }
        }
    }
}

/// Keeps an account online until it is over.
pub(super) async fn run(watched: Arc<Watched>) {
    let mut failures = 0_u32;
    while !watched.is_over.load(Ordering::Acquire) {
        failures = match watched.turn().await {
            true => 0,
            false => failures.saturating_add(1),
        };
        let wait = match failures {
            0 => watched.settings.every,
            times => WAITS
                .1
                .min(WAITS.0 * 2_u32.pow(times.saturating_sub(1).min(6))),
        };
        // Whichever comes first.
        let _ = timeout(wait, watched.wake.notified()).await;
    }
}
