//! Logins that are declared: by a code that a person scans.

use super::attempt::Attempt;
use super::watched::LogsIn;
use crate::runtime::call::{BoxError, BoxFuture, Caller, Core};
use crate::runtime::codec::json::{find, plain};
use crate::runtime::{CodeLogin, LoginStep};

/// Logs in by a code: with a request that is made of the account as far as it is known.
pub(super) struct ByCode<F> {
    pub(super) core: Core,
    pub(super) request: F,
}

impl<R, F> LogsIn for ByCode<F>
where
    R: CodeLogin + Send + Sync,
    R::Reply: Send + Sync,
    R::Answer: Send + Sync,
    R::Handle: Caller,
    F: Fn(Option<&str>) -> R + Send + Sync + 'static,
{
    fn log_in(&self, attempt: Attempt) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async move {
            let account = attempt.saved(super::watched::ACCOUNT).await?;
            let request = (self.request)(account.as_deref());
            let login = self.core.log_in_by_code(&request).renewing().await?;
            attempt.show(&login.shown);
            let account = {
                let done = login.until_done(|step| {
                    if let LoginStep::Verify { url, .. } = step {
                        attempt.show(url);
                    }
                });
                let done = done.await?;
                let session = &attempt.0.session;
                for (n, value) in done.handle.session().values().into_iter().enumerate() {
                    session.rebind(n, value);
                }
                let account = attempt.0.plan.account;
                account.and_then(|path| find(done.reply.raw_data(), path).map(plain))
            };
            match account {
                Some(account) => attempt.save(super::watched::ACCOUNT, &account).await,
                None => Ok(()),
            }
        })
    }
}

/// A login of the user's.
pub(super) struct ByHand<F>(pub(super) F);

impl<F, A> LogsIn for ByHand<F>
where
    F: Fn(Attempt) -> A + Send + Sync + 'static,
    A: Future<Output = Result<(), BoxError>> + Send + 'static,
{
    fn log_in(&self, attempt: Attempt) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(self.0(attempt))
    }
}
