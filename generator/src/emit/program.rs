//! Owns `hub.rs`, the server that a vendor's program comes to, and `mock.rs`, what stands in for the program.

use catalog::config::ProgramVisits;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::tokens::{doc_line, ident};
use super::{Chunk, title};
use crate::sdk::{EventSample, Program, ProgramCommand, Sdk};

/// `mod.rs`: both.
pub(super) fn modules(program: &Program) -> TokenStream {
    let mock = (!program.events.is_empty()).then(|| {
        quote! {
            #[cfg(feature = "mock")]
            pub mod mock;
        }
    });
    quote! {
        #[cfg(feature = "server")]
        mod hub;
        #mock
        #[cfg(feature = "server")]
        pub use hub::{Bots, Hub, HubBuilder};
    }
}

/// `hub.rs`.
pub(super) fn hub(sdk: &Sdk, program: &Program) -> Vec<Chunk> {
    let handle = ident(&sdk.handle);
    let visits = visits(&program.visits);
    let hub = doc_line(&format!(
        "{}的服务端：程序把事件推送到这里，也从这里取走指令。",
        title(sdk)
    ));
    let builder = doc_line("服务端的配置：`Hub::builder()`。");
    let bots = doc_line("按账号给出机器人；复制的代价很小。");
    vec![Chunk::Items(quote! {
        use super::#handle;
        use crate::runtime::Addresses;
        use crate::runtime::program::{self, Program};

        static ADDRESSES: Addresses = #visits;

        impl Program for #handle {
            const ADDRESSES: &'static Addresses = &ADDRESSES;
        }

        #hub
        pub type Hub = program::Hub<#handle>;

        #builder
        pub type HubBuilder = program::HubBuilder<#handle>;

        #bots
        pub type Bots = program::Bots<#handle>;
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
    quote! {
        Addresses {
            events: #events,
            commands: #commands,
            account: #account,
            process: #process,
            event_account: &[#(#event_account),*],
            event_process: &[#(#event_process),*],
        }
    }
}

/// `mock.rs`.
pub(super) fn mock(sdk: &Sdk, program: &Program) -> Vec<Chunk> {
    let name = sdk.name();
    let visits = visits(&program.visits);
    let wrap = match &program.wrap {
        Some(key) => quote!(Some(#key)),
        None => quote!(None),
    };
    let docs = doc_line(&format!(
        "开始配置{}的模拟程序：它连到这个地址，推送事件，取走并执行指令。",
        title(sdk)
    ));
    let (event_count, command_count) = (count(&program.events), count(&program.commands));
    let events = program.events.iter().map(event);
    let commands = program.commands.iter().map(command);
    vec![Chunk::Items(quote! {
        use super::{MESSAGES, callback::Callback};
        use crate::runtime::mock::program::{Builder, Command, Event, Table};
        use crate::runtime::{Addresses, Inbound};

        #docs
        pub fn program(server: impl Into<String>) -> Builder {
            Builder::new(&TABLE, server)
        }

        static TABLE: Table = Table {
            name: #name,
            messages: &MESSAGES,
            layout: Callback::LAYOUT,
            wrap: #wrap,
            addresses: &ADDRESSES,
            events: &EVENTS,
            commands: &COMMANDS,
        };

        static ADDRESSES: Addresses = #visits;

        static EVENTS: [Event; #event_count] = [#(#events),*];

        static COMMANDS: [Command; #command_count] = [#(#commands),*];
    })]
}

fn count<T>(items: &[T]) -> Literal {
    Literal::usize_unsuffixed(items.len())
}

fn event(event: &EventSample) -> TokenStream {
    let EventSample {
        wire,
        title,
        sample,
    } = event;
    quote!(Event { codes: &[#(#wire),*], title: #title, sample: #sample })
}

fn command(command: &ProgramCommand) -> TokenStream {
    let ProgramCommand {
        wire,
        title,
        required,
    } = command;
    quote!(Command { name: #wire, title: #title, required: &[#(#required),*] })
}
