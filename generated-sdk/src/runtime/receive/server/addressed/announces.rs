//! Requests that make the gateway post something, and what every call of one has alike.

use crate::runtime::call::Request;
use crate::runtime::receive::event::Inbound;

/// A request that makes the gateway post its result to an address.
pub trait Announces: Request {
    /// What a receiver takes.
    type Callback: Inbound;
    /// What the gateway posts.
    type Event: Send + 'static;

    /// What has come, if it is what this request announces and could be read.
    fn event(callback: Self::Callback) -> Option<Self::Event>;
}

/// A call with an address of its own: made, given options, and shown.
macro_rules! announcing {
    ($name:ident: $request:ident, $ahead:expr, $within:expr, $within_doc:literal) => {
        impl<R: $request> $name<R> {
            /// Makes a call whose address is filled in.
            pub fn new(
                addresses: &Addresses<R::Callback>,
                call: impl FnOnce(&str) -> Call<R::Reply>,
            ) -> Self {
                let at = addresses.several::<R>($ahead);
                Self {
                    call: call(at.url()),
                    at,
                    within: $within,
                }
            }

            #[doc = $within_doc]
            pub fn within(mut self, within: Duration) -> Self {
                self.within = within;
                self
            }

            /// Options for the call.
            pub fn call(mut self, options: impl FnOnce(Call<R::Reply>) -> Call<R::Reply>) -> Self {
                self.call = options(self.call);
                self
            }
        }

        impl<R: $request> fmt::Debug for $name<R> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("call", &self.call)
                    .field("within", &self.within)
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(super) use announcing;
