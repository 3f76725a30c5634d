//! Owns `media_host.rs`: how media travel, as `[media]` declares it. In: the model's templates, and the structures that hold a
//! medium. Out: the runtime's plans, and `download` on these structures.

use catalog::model::{self, Download, Upload};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Item;
use super::flow::path;
use super::tokens::{doc, ident, operation, optional, template};
use crate::sdk::{Held, Holder, Holds, Media, Sdk};

/// `media_host.rs`.
pub(super) fn media(sdk: &Sdk, media: &Media) -> Vec<Item> {
    let host = host(&media.model);
    let up = media.model.up.as_ref();
    let up = up.and_then(|up| upload(sdk, up));
    let down = media.model.down.as_ref();
    let down = down.map(|down| download(media, down));
    vec![Item::Rust(quote! {
        use super::*;

        const HOST: rt::media::Host = #host;
        #up
        #down
    })]
}

fn host(media: &model::Media) -> TokenStream {
    let root = &media.root;
    let most = Literal::u64_unsuffixed(media.most_bytes);
    let reason = optional(media.reason.as_ref());
    quote! {
        rt::media::Host {
            root: #root,
            most: #most,
            reason: #reason,
        }
    }
}

/// Nothing where the operation has no name, which is an error elsewhere.
fn upload(sdk: &Sdk, up: &Upload) -> Option<TokenStream> {
    let Upload { at, taken, .. } = up;
    let asked = operation(sdk, &up.operation)?;
    let (params, medium) = (template(&up.params), template(&up.medium));
    let url = optional(up.url.as_ref().map(|url| path(url)));
    let param = optional(up.param.as_ref().map(|param| path(param)));
    Some(quote! {
        #[cfg(feature = "poll")]
        pub(super) static UP: rt::media::UpPlan = rt::media::UpPlan {
            host: HOST,
            operation: #asked,
            params: #params,
            url: #url,
            param: #param,
            at: #at,
            taken: #taken,
            medium: #medium,
        };
    })
}

fn download(media: &Media, down: &Download) -> TokenStream {
    let at = &down.at;
    let holders = media.holders.iter().map(holder);
    let told = (!media.events.is_empty()).then(|| told(&media.events));
    quote! {
        static DOWN: rt::media::DownPlan = rt::media::DownPlan {
            host: HOST,
            at: #at,
        };
        #(#holders)*
        #told
    }
}

/// The same of a callback: what its event holds.
fn told(events: &[String]) -> TokenStream {
    let held = events.iter().map(|event| {
        let event = ident(event);
        quote! {
            if let callback::Event::#event(data) = &self.event {
                rt::media::HoldsMedia::media(data, found);
            }
        }
    });
    let found = quote!(#(#held)*);
    holding(&quote!(callback::Callback), &found, &all())
}

/// How the media of a structure are found, and the methods that fetch them.
fn holder(holder: &Holder) -> TokenStream {
    let name = ident(&holder.ident);
    let name = match holder.told {
        true => quote!(callback::#name),
        false => quote!(#name),
    };
    let (found, fetched) = match &holder.holds {
        Holds::Medium { url, param, key } => {
            let (url, param, key) = (text(url), text(param), text(key));
            let found = quote! {
                found.push(rt::media::Parts {
                    url: #url,
                    param: #param,
                    key: #key,
                    ..::std::default::Default::default()
                });
            };
            (found, one("这个媒体"))
        }
        Holds::Own {
            fields,
            beside,
            plain,
        } => {
            let fields = fields.iter().map(held);
            let mut found = quote!(#(#fields)*);
            if beside.is_some() || *plain {
                let beside = text(beside);
                found = quote! {
                    let from = found.len();
                    #found
                    for parts in found.iter_mut().skip(from) {
                        parts.beside = #beside;
                        parts.plain = #plain;
                    }
                };
            }
            (found, one("其中的媒体"))
        }
        Holds::Others(fields) => {
            let held = fields.iter().map(held);
            (quote!(#(#held)*), all())
        }
    };
    holding(&name, &found, &fetched)
}

fn holding(name: &TokenStream, found: &TokenStream, fetched: &TokenStream) -> TokenStream {
    quote! {
        impl rt::media::HoldsMedia for #name {
            const DOWN: &'static rt::media::DownPlan = &DOWN;

            fn media<'a>(&'a self, found: &mut Vec<rt::media::Parts<'a>>) {
                #found
            }
        }

        impl #name {
            #fetched
        }
    }
}

fn held(field: &Held) -> TokenStream {
    let name = ident(&field.ident);
    quote!(rt::media::HoldsMedia::media(&self.#name, found);)
}

/// A secret of a structure, if it is there.
fn text(field: &Option<Held>) -> TokenStream {
    let Some(field) = field else {
        return quote!(None);
    };
    let name = ident(&field.ident);
    match field.certain {
        true => quote!(Some(self.#name.expose())),
        false => quote!(self.#name.as_ref().map(rt::Secret::expose)),
    }
}

fn one(what: &str) -> TokenStream {
    let about = doc(&[format!(
        "下载{what}：`await` 得到解密后的全部内容，`stream` 边下载边解密。没有地址、没有密钥时，等待的结果是错误。"
    )]);
    quote! {
        #about
        pub fn download(&self, caller: &impl rt::Caller) -> rt::media::Download {
            rt::media::Download::first(caller, self)
        }
    }
}

fn all() -> TokenStream {
    let (first, about) = (
        doc(&["下载其中的第一个媒体；没有能读的媒体则为空。".to_owned()]),
        doc(&[
            "其中能下载的媒体，没有密钥因而谁也读不了的不在内；引用的消息里的也不在内。".to_owned(),
        ]),
    );
    quote! {
        #first
        pub fn download(&self, caller: &impl rt::Caller) -> Option<rt::media::Download> {
            self.downloads(caller).into_iter().next()
        }

        #about
        pub fn downloads(&self, caller: &impl rt::Caller) -> Vec<rt::media::Download> {
            rt::media::Download::all(caller, self)
        }
    }
}
