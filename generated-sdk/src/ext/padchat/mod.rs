//! The login on a new connection.

#[cfg(feature = "websocket")]
mod login {
    use crate::padchat::Client;
    use crate::padchat::deng_lu_guan_li::{self, Login};
    use crate::runtime::{Connect, Error, ErrorKind};

    impl Connect<Client> {
        /// Logs in again on every new connection, before other calls go: `connect`, which a gateway that still is
        /// connected may refuse, and the login.
        ///
        /// `saved` is asked each time: the data for an automatic login expire and are best renewed once in a while. With
        /// `None` nothing is done.
        ///
        /// ```no_run
        /// use generated_sdk::padchat::Client;
        /// use generated_sdk::padchat::deng_lu_guan_li::{Login, LoginLoginType};
        ///
        /// # async fn example() -> Result<(), generated_sdk::Error> {
        /// let (client, pushes) = Client::connect("wss://gateway.example/ws")
        ///     .auth_key("the key that the vendor gave")
        ///     .log_in_again(|| Some(Login::new(LoginLoginType::QrCode).token("what getAutoLoginData said")))
        ///     .open()
        ///     .await?;
        /// # let _ = (client, pushes);
        /// # Ok(())
        /// # }
        /// ```
        #[doc(alias = "自动登陆")]
        pub fn log_in_again(
            self,
            saved: impl Fn() -> Option<Login> + Send + Sync + 'static,
        ) -> Self {
            self.on_reconnect(move |client: Client| {
                let login = saved();
                async move {
                    if let Some(login) = login {
                        let connect = deng_lu_guan_li::Connect::new();
                        match client.deng_lu_guan_li().connect(connect).await {
                            Err(error) if error.kind() != ErrorKind::Vendor => return Err(error),
                            _ => {}
                        }
                        client.deng_lu_guan_li().login(login).await?;
                    }
                    Ok::<_, Error>(())
                }
            })
        }
    }
}
