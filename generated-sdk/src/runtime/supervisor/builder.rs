//! How a supervisor is set up, and the handle of one.

use super::attempt::Attempt;
use super::by_code::{ByCode, ByHand};
use super::health::{Health, State};
use super::keeper::Keeper;
use super::plan::Supervised;
use super::told;
use super::watched::{self, LogsIn, Tells, Told, Watched};
use crate::runtime::CodeLogin;
use crate::runtime::call::{BoxError, BoxFuture, Caller, Error};
use crate::runtime::lock::lock;
use crate::runtime::receive::event::Inbound;
use crate::runtime::store::Store;
use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;

/// Is told an account and a code.
type Shows = Box<dyn Fn(&str, &str) + Send + Sync>;

/// Gets a new authorization for all accounts.
type Authorize = Box<dyn Fn() -> BoxFuture<'static, Result<(), Error>> + Send + Sync>;

/// What all accounts have in common.
pub(super) struct Settings {
    pub(super) keeper: Keeper,
    pub(super) every: Duration,
    pub(super) authorize: Option<Authorize>,
    pub(super) on_code: Shows,
    pub(super) on_change: Box<dyn Fn(&Health) + Send + Sync>,
}

/// Sets up a [`Supervisor`].
#[must_use]
pub struct SupervisorBuilder {
    settings: Settings,
    file: Option<PathBuf>,
}

impl fmt::Debug for SupervisorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SupervisorBuilder").finish_non_exhaustive()
    }
}

impl SupervisorBuilder {
    /// Keeps what logins yield in a store.
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.settings.keeper = Keeper::Store(store);
        self
    }

    /// Keeps it in a file that only its owner can read.
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// How often each account is asked whether it is online; 60 s unless said otherwise. What the gateway tells is
    /// looked at at once.
    pub fn every(mut self, every: Duration) -> Self {
        self.settings.every = every;
        self
    }

    /// Gets a new authorization when the vendor refuses to say how an account is: `client.log_in_again(…)`.
    pub fn authorize<A>(mut self, authorize: impl Fn() -> A + Send + Sync + 'static) -> Self
    where
        A: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.settings.authorize = Some(Box::new(move || Box::pin(authorize())));
        self
    }

    /// Is told the account and what a person has to scan or to open; without it, a line on stderr says that.
    pub fn on_code(mut self, show: impl Fn(&str, &str) + Send + Sync + 'static) -> Self {
        self.settings.on_code = Box::new(show);
        self
    }

    /// Is told each change.
    pub fn on_change(mut self, tell: impl Fn(&Health) + Send + Sync + 'static) -> Self {
        self.settings.on_change = Box::new(tell);
        self
    }

    /// A supervisor that has no accounts yet.
    ///
    /// # Errors
    ///
    /// If the file is there and cannot be read.
    pub fn start(self) -> Result<Supervisor, BoxError> {
        let mut settings = self.settings;
        if let Some(path) = self.file {
            settings.keeper = Keeper::file(path)?;
        }
        Ok(Supervisor(Arc::new(Accounts {
            settings: Arc::new(settings),
            watched: Mutex::default(),
        })))
    }
}

/// Keeps accounts online; see the [module](crate::runtime::supervisor). Clones are the same supervisor; when the last is gone, it ends.
#[derive(Clone)]
pub struct Supervisor(Arc<Accounts>);

struct Accounts {
    settings: Arc<Settings>,
    watched: Mutex<BTreeMap<String, Arc<Watched>>>,
}

impl Drop for Accounts {
    fn drop(&mut self) {
        for watched in lock(&self.watched).values() {
            watched.is_over.store(true, Ordering::Release);
            watched.wake.notify_one();
        }
    }
}

impl fmt::Debug for Supervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Supervisor")
            .field("accounts", &self.health())
            .finish()
    }
}

impl Supervisor {
    /// Sets a supervisor up.
    pub fn builder() -> SupervisorBuilder {
        let show =
            |account: &str, code: &str| eprintln!("{account}: a person has to scan or open {code}");
        SupervisorBuilder {
            settings: Settings {
                keeper: Keeper::Memory(Mutex::default()),
                every: Duration::from_secs(60),
                authorize: None,
                on_code: Box::new(show),
                on_change: Box::new(|_| {}),
            },
            file: None,
        }
    }

    /// Keeps an account online that logs in by a code where what was saved does not do: the request of that login, made
    /// of the account as far as it is known. What this returns is bound anew with each login.
    ///
    /// # Errors
    ///
    /// If the name is taken, or what was saved cannot be read.
    pub async fn account_by_code<R>(
        &self,
        name: impl Into<String>,
        client: &impl Caller,
        request: impl Fn(Option<&str>) -> R + Send + Sync + 'static,
    ) -> Result<R::Handle, BoxError>
    where
        R: CodeLogin + Send + Sync,
        R::Reply: Send + Sync,
        R::Answer: Send + Sync,
        R::Handle: Supervised,
    {
        let core = client.session().core().clone();
        let handle = R::handle(core.clone(), "");
        let login = ByCode { core, request };
        self.watch(name.into(), &handle, Box::new(login)).await?;
        Ok(handle)
    }

    /// Keeps an account online that logs in by what you say: with what was [saved](Attempt::saved), or by a code that it
    /// [shows](Attempt::show).
    ///
    /// # Errors
    ///
    /// If the name is taken, or what was saved cannot be read.
    pub async fn account<H, A>(
        &self,
        name: impl Into<String>,
        handle: &H,
        log_in: impl Fn(Attempt) -> A + Send + Sync + 'static,
    ) -> Result<(), BoxError>
    where
        H: Supervised,
        A: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        self.watch(name.into(), handle, Box::new(ByHand(log_in)))
            .await
    }

    async fn watch<H: Supervised>(
        &self,
        name: String,
        handle: &H,
        login: Box<dyn LogsIn>,
    ) -> Result<(), BoxError> {
        let watched = Arc::new(Watched {
            session: handle.session(),
            plan: H::ONLINE,
            settings: Arc::clone(&self.0.settings),
            tells: tells::<H>(),
            login,
            health: Mutex::new(Health::new(name.clone())),
            told: Mutex::default(),
            wake: Notify::new(),
            is_over: AtomicBool::new(false),
            name: name.clone(),
        });
        watched.restore().await?;
        {
            let mut all = lock(&self.0.watched);
            if all.contains_key(&name) {
                return Err(format!("an account `{name}` is supervised already").into());
            }
            all.insert(name, Arc::clone(&watched));
        }
        tokio::spawn(watched::run(watched));
        Ok(())
    }

    /// What the gateway has told, of whichever account: true if it tells of a change, so that the account is looked at.
    /// Where an event does not say whose it is, and there are several accounts, say it: [`tell_of`](Self::tell_of).
    pub fn tell<C: Inbound>(&self, told: &C) -> bool {
        let all: Vec<Arc<Watched>> = lock(&self.0.watched).values().cloned().collect();
        let told = all.iter().filter_map(|watched| {
            let told = (watched.tells)(told, &first(watched))?;
            Some((watched, told))
        });
        let told: Vec<_> = told
            .filter(|(_, told)| told.is_mine != Some(false))
            .collect();
        match told.as_slice() {
            [] => false,
            several
                if several.len() > 1 && several.iter().any(|(_, told)| told.is_mine.is_none()) =>
            {
                false
            }
            some => {
                for (watched, told) in some {
                    watched.tell(told.why.clone());
                }
                true
            }
        }
    }

    /// What the gateway has told of this account.
    pub fn tell_of<C: Inbound>(&self, name: &str, told: &C) -> bool {
        let watched = lock(&self.0.watched).get(name).cloned();
        let told = watched.and_then(|watched| Some(((watched.tells)(told, "")?, watched)));
        match told {
            Some((told, watched)) => {
                watched.tell(told.why);
                true
            }
            None => false,
        }
    }

    /// Looks at an account now; false if there is none of this name.
    pub fn look(&self, name: &str) -> bool {
        let watched = lock(&self.0.watched).get(name).cloned();
        watched
            .inspect(|watched| watched.wake.notify_one())
            .is_some()
    }

    /// Hands out what a person has to scan or to open, where a gateway tells it as an event.
    pub fn show(&self, name: &str, code: &str) {
        let watched = lock(&self.0.watched).get(name).cloned();
        if let Some(watched) = watched {
            watched.show(code);
        }
    }

    /// Whether an account is online, as far as is known.
    pub fn is_online(&self, name: &str) -> bool {
        let watched = lock(&self.0.watched).get(name).cloned();
        watched.is_some_and(|watched| lock(&watched.health).state == State::Online)
    }

    /// How the accounts are, by name.
    pub fn health(&self) -> Vec<Health> {
        let all = lock(&self.0.watched);
        all.values()
            .map(|watched| lock(&watched.health).clone())
            .collect()
    }
}

/// What the session carries.
fn first(watched: &Watched) -> String {
    let values = watched.session.values();
    values
        .first()
        .map(|value| value.as_str().to_owned())
        .unwrap_or_default()
}

fn tells<H: Supervised>() -> Tells {
    Box::new(|told: &dyn Any, session: &str| {
        let whole = H::told(told.downcast_ref::<H::Inbound>()?)?;
        let (layout, whole) = (<H::Inbound as Inbound>::LAYOUT, whole.as_str());
        Some(Told {
            is_mine: told::is_about(H::ONLINE, layout, whole, session),
            why: told::why(H::ONLINE, layout, whole),
        })
    })
}
