//! Owns `hub.rs`, the server that a vendor's program comes to.

use catalog::config::ProgramVisits;
use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{doc_line, ident, optional};
use super::{Item, title};
use crate::sdk::Sdk;

/// `mod.rs`: where it is.
pub(super) fn modules() -> TokenStream {
    quote! {
        #[cfg(feature = "server")]
        mod hub;
        #[cfg(feature = "server")]
        pub use hub::{Bots, Hub, HubBuilder};
    }
}

/// `hub.rs`.
pub(super) fn hub(sdk: &Sdk, visits: &ProgramVisits) -> Vec<Item> {
    let handle = ident(&sdk.handle);
    let visits = self::visits(visits);
    let hub = doc_line(&format!(
        "{}的服务端：程序把事件推送到这里，也从这里取走指令。",
        title(sdk)
    ));
    let builder = doc_line("服务端的配置：`Hub::builder()`。");
    let bots = doc_line("按账号给出机器人；复制的代价很小。");
    vec![Item::Rust(quote! {
        use super::*;

        static ADDRESSES: rt::Addresses = #visits;

        impl rt::program::Program for #handle {
            const ADDRESSES: &'static rt::Addresses = &ADDRESSES;
        }

        #hub
        pub type Hub = rt::program::Hub<#handle>;

        #builder
        pub type HubBuilder = rt::program::HubBuilder<#handle>;

        #bots
        pub type Bots = rt::program::Bots<#handle>;
    })]
}

fn visits(visits: &ProgramVisits) -> TokenStream {
    let ProgramVisits {
        events,
        commands,
        account,
        process,
        event_account,
        event_process,
    } = visits;
    let commands = optional(commands.as_ref());
    quote! {
        rt::Addresses {
            events: #events,
            commands: #commands,
            account: #account,
            process: #process,
            event_account: &[#(#event_account),*],
            event_process: &[#(#event_process),*],
        }
    }
}
