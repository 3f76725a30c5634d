//! The login: an account and a password in, an authorised client out.

#[cfg(test)]
mod tests;

use crate::eyun::Client;
use crate::eyun::deng_lu::Login;
use crate::runtime::{Builder, Core, Error, Request, Secret};

impl Builder<Client> {
    /// Logs in to the gateway and builds the client that its answer authorises (`/member/login`).
    ///
    /// All options of the builder apply to the login as well. An authorization that was set before is not sent with
    /// the login and is replaced by it.
    ///
    /// ```no_run
    /// use generated_sdk::eyun::Client;
    /// use std::time::Duration;
    ///
    /// # async fn example() -> Result<(), generated_sdk::Error> {
    /// let client = Client::builder("http://gateway.example:9899")
    ///     .timeout(Duration::from_secs(30))
    ///     .login("account", "password")
    ///     .await?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of every call. An answer that says success but carries no authorization is
    /// [`ErrorKind::Undecodable`](crate::ErrorKind::Undecodable).
    #[doc(alias = "登录E云平台")]
    pub async fn login(
        self,
        account: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Result<Client, Error> {
        let core = self.build_core()?;
        let authorization = authorization(&core, account.into(), password.into()).await?;
        Ok(Client::from(core.authorized(authorization)))
    }
}

impl Client {
    /// Logs in once more, as an authorization that has run out wants it: this client, its clones and the instances
    /// bound to it then go on with the new one.
    ///
    /// ```no_run
    /// # async fn example(wx: generated_sdk::eyun::Instance) -> Result<(), generated_sdk::Error> {
    /// wx.client().log_in_again("account", "password").await?; // `wx` and all its clones
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Builder::login`]; the client then keeps what it had.
    pub async fn log_in_again(
        &self,
        account: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Result<(), Error> {
        let authorization = authorization(self.core(), account.into(), password.into()).await?;
        self.core().reauthorize(authorization);
        Ok(())
    }
}

/// What a login yields.
async fn authorization(core: &Core, account: String, password: Secret) -> Result<Secret, Error> {
    let reply = core.call(&Login::new(account, password)).await?;
    match &reply.data.authorization {
        Some(authorization) => Ok(authorization.clone()),
        None => Err(reply.unusable(
            Login::OPERATION,
            "the login succeeded, but its answer has no Authorization",
        )),
    }
}
