//! Operations by the types of their requests, for tests in Rust: `gateway.calls::<SendText>()`.

/// Lets a test name operations by the request types of an SDK that `cargo xtask codegen` made: `generated_sdk`, or a
/// crate of your own.
///
/// Written once, at the root of a test, it declares the trait `Requests` for every [`Gateway`](crate::Gateway); modules
/// of the test say `use crate::Requests;`. Neither crate depends on the other: what both know is the operation's id.
///
/// ```ignore
/// use generated_sdk::eyun::xiao_xi_fa_song::SendText;
/// use mock_gateway::{Answer, Fault, eyun::Gateway};
///
/// mock_gateway::requests!(generated_sdk);
///
/// let gateway = Gateway::start().await?;
/// gateway.reply_once::<SendText>(|_| Answer::refused("1002", "敏感词"));
/// gateway.fault_once::<SendText>(Fault::DropAfterSend);
/// assert_eq!(gateway.calls::<SendText>().len(), 0);
/// ```
#[macro_export]
macro_rules! requests {
    ($sdk:ident) => {
        /// Operations by the types of their requests.
        #[allow(dead_code, reason = "a test uses what it needs")]
        pub(crate) trait Requests {
            /// From now on answers an operation so, once its parameters and its authorization have been checked. The
            /// newest such reply wins.
            fn reply<R: $sdk::runtime::Request>(
                &self,
                reply: impl ::std::ops::Fn(&$crate::Received) -> $crate::Answer + Send + Sync + 'static,
            );

            /// Answers the next call of an operation so.
            fn reply_once<R: $sdk::runtime::Request>(
                &self,
                reply: impl ::std::ops::Fn(&$crate::Received) -> $crate::Answer + Send + Sync + 'static,
            );

            /// From now on answers an operation with this data, typed as the SDK types it (feature `serialize`).
            fn reply_data<R: $sdk::runtime::Request>(&self, data: &R::Reply)
            where
                R::Reply: $crate::Serialize,
            {
                let answer = $crate::Answer::data(data);
                self.reply::<R>(move |_| answer.clone());
            }

            /// From now on goes wrong so whenever this operation is called.
            fn fault<R: $sdk::runtime::Request>(&self, fault: $crate::Fault);

            /// Goes wrong so at the next call of this operation.
            fn fault_once<R: $sdk::runtime::Request>(&self, fault: $crate::Fault);

            /// The calls of an operation so far, refused ones among them, the oldest first.
            fn calls<R: $sdk::runtime::Request>(
                &self,
            ) -> ::std::vec::Vec<::std::sync::Arc<$crate::Received>>;
        }

        impl<W: $crate::World> Requests for $crate::Gateway<W> {
            #[track_caller]
            fn reply<R: $sdk::runtime::Request>(
                &self,
                reply: impl ::std::ops::Fn(&$crate::Received) -> $crate::Answer + Send + Sync + 'static,
            ) {
                self.reply_to(R::OPERATION.id, reply);
            }

            #[track_caller]
            fn reply_once<R: $sdk::runtime::Request>(
                &self,
                reply: impl ::std::ops::Fn(&$crate::Received) -> $crate::Answer + Send + Sync + 'static,
            ) {
                self.reply_once_to(R::OPERATION.id, reply);
            }

            #[track_caller]
            fn fault<R: $sdk::runtime::Request>(&self, fault: $crate::Fault) {
                self.fault_on(R::OPERATION.id, fault);
            }

            #[track_caller]
            fn fault_once<R: $sdk::runtime::Request>(&self, fault: $crate::Fault) {
                self.fault_once_on(R::OPERATION.id, fault);
            }

            #[track_caller]
            fn calls<R: $sdk::runtime::Request>(
                &self,
            ) -> ::std::vec::Vec<::std::sync::Arc<$crate::Received>> {
                self.calls_of(R::OPERATION.id)
            }
        }
    };
}
