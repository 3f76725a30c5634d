//! The login: a phone number and a password in, an authorised client out.

use crate::dami::Client;
use crate::dami::deng_lu::Login;
use crate::runtime::{Builder, Core, Error, Request, Secret};

impl Builder<Client> {
    /// Logs in to the gateway and builds the client that the token of its answer authorises (`/foreign/auth/login`).
    ///
    /// All options of the builder apply to the login as well. An authorization that was set before is not sent with
    /// the login and is replaced by it.
    ///
    /// ```no_run
    /// use generated_sdk::dami::Client;
    ///
    /// # async fn example() -> Result<(), generated_sdk::Error> {
    /// let client = Client::builder("http://gateway.example").login("phone", "password").await?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of every call. An answer that says success but carries no token is
    /// [`ErrorKind::Undecodable`](crate::ErrorKind::Undecodable).
    #[doc(alias = "开发者登录")]
    pub async fn login(
        self,
        phone: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Result<Client, Error> {
        let core = self.build_core()?;
        let token = token(&core, phone.into(), password.into()).await?;
        Ok(Client::from(core.authorized(token)))
    }
}

impl Client {
    /// Logs in once more, as a token that has run out wants it: this client, its clones and the accounts bound to it
    /// then go on with the new one.
    ///
    /// ```no_run
    /// # async fn example(wx: generated_sdk::dami::Account) -> Result<(), generated_sdk::Error> {
    /// wx.client().log_in_again("phone", "password").await?; // `wx` and all its clones
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Builder::login`]; the client then keeps what it had.
    pub async fn log_in_again(
        &self,
        phone: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Result<(), Error> {
        let token = token(self.core(), phone.into(), password.into()).await?;
        self.core().reauthorize(token);
        Ok(())
    }
}

/// What a login yields.
async fn token(core: &Core, phone: String, password: Secret) -> Result<Secret, Error> {
    let reply = core.call(&Login::new(password, phone)).await?;
    match &reply.data.token {
        Some(token) => Ok(token.clone()),
        None => Err(reply.unusable(
            Login::OPERATION,
            "the login succeeded, but its answer has no token",
        )),
    }
}
