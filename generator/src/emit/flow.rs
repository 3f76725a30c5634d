//! Owns what goes beyond one call: what may be repeated, what is kept apart, chunks, pages, jobs.

use catalog::model::{self, Condition, Next, Page, Rule};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::tokens::{doc_line, ident, link, optional, ty};
use crate::sdk::{Limit, Operation, declared_number};

/// What a description says of how often an operation may be called, and with what.
pub(super) fn facts(operation: &Operation) -> Vec<TokenStream> {
    let mut facts = Vec::new();
    if operation.model.safe {
        facts.push(quote!(safe: true));
    }
    if let Some((least, most)) = operation.model.pace_ms {
        let (least, most) = (
            Literal::u32_unsuffixed(least),
            Literal::u32_unsuffixed(most),
        );
        facts.push(quote!(pace_ms: Some((#least, #most))));
    }
    if !operation.limits.is_empty() {
        let limits = operation.limits.iter().map(limit);
        facts.push(quote!(limits: &[#(#limits),*]));
    }
    facts
}

fn limit(limit: &Limit) -> TokenStream {
    match limit {
        Limit::Items(name, least, most) => {
            let least = Literal::u32_unsuffixed(*least);
            let most = match *most {
                u32::MAX => quote!(u32::MAX),
                most => Literal::u32_unsuffixed(most).into_token_stream(),
            };
            quote!(rt::Limit::Items { name: #name, least: #least, most: #most })
        }
        Limit::Rule(Rule::OneOf(names)) => quote!(rt::Limit::OneOf(&[#(#names),*])),
        Limit::Rule(Rule::CountEquals { field, mark, list }) => {
            quote!(rt::Limit::Count { name: #field, mark: #mark, list: #list })
        }
    }
}

/// The methods that make several calls of one request.
pub(super) fn methods(module: &str, operation: &Operation) -> TokenStream {
    let (request, reply) = (ident(&operation.request), ty(&operation.reply));
    let method = |about: String, name: &str, reply: TokenStream, sends: &str| {
        let docs = doc_line(&format!("同 [`{0}`](Self::{0})，{about}", operation.method));
        let (name, sends) = (ident(name), ident(sends));
        quote! {
            #docs
            #[inline]
            pub fn #name(&self, request: #request) -> #reply {
                self.0.#sends(request)
            }
        }
    };
    let chunked = operation.chunked.iter().map(|chunked| {
        let about = format!("列表每 {} 个一次，依次发送，返回合并。", chunked.most);
        let item = ty(&chunked.item);
        method(about, &chunked.method, quote!(rt::Chunks<#item>), "chunks")
    });
    let page = operation.pages.iter().map(|pages| {
        let about = "从请求所指的一页起，逐页取到末页。".to_owned();
        method(about, pages, quote!(rt::Pages<#reply>), "pages")
    });
    let job = operation.job.iter().map(|job| {
        // rustdoc finds what stands in the same file without being told where.
        let polled = match job.module == module {
            true => link(&job.request),
            false => format!("[`{1}`](super::{0}::{1})", job.module, job.request),
        };
        let reply = ty(&job.reply);
        let about = format!("并等到结果（{polled}）。");
        method(about, &job.method, quote!(rt::Job<#reply>), "job")
    });
    quote!(#(#chunked)* #(#page)* #(#job)*)
}

/// What the runtime has to know for them.
pub(super) fn plans(module: &str, operation: &Operation) -> TokenStream {
    let name = ident(&operation.request);
    let chunked = operation.chunked.iter().map(|chunked| {
        let (item, list) = (ty(&chunked.item), &chunked.list);
        let most = Literal::u32_unsuffixed(chunked.most);
        quote! {
            impl rt::Chunked for #name {
                type Item = #item;
                const LIST: &'static str = #list;
                const MOST: usize = #most;
            }
        }
    });
    let page = operation.model.page.iter().map(|page| {
        let plan = page_plan(page);
        quote! {
            impl rt::Paged for #name {
                const PAGES: rt::PagePlan = #plan;
            }
        }
    });
    let job = operation.job.iter().map(|job| {
        let reply = ty(&job.reply);
        let polled = match job.module == module {
            true => ident(&job.request).into_token_stream(),
            false => {
                let (other, request) = (ident(&job.module), ident(&job.request));
                quote!(super::#other::#request)
            }
        };
        let plan = operation.model.job.as_ref();
        let plan = plan.map(|plan| job_plan(&polled, plan));
        quote! {
            impl rt::Started for #name {
                type Result = #reply;
                const JOB: rt::JobPlan = #plan;
            }
        }
    });
    quote!(#(#chunked)* #(#page)* #(#job)*)
}

pub(super) fn path(path: &[String]) -> TokenStream {
    quote!(&[#(#path),*])
}

fn declared(ty: model::Type) -> TokenStream {
    optional(declared_number(ty))
}

pub(super) fn condition(condition: &Condition) -> TokenStream {
    let field = optional(condition.field.as_deref().map(path));
    let values = &condition.values;
    quote!(rt::Condition { field: #field, values: &[#(#values),*] })
}

fn page_plan(page: &Page) -> TokenStream {
    let cursors = page.cursors.iter().map(|cursor| {
        let param = &cursor.param;
        let next = match &cursor.next {
            Next::From { field, keep } => {
                let (field, number) = (path(field), declared(cursor.ty));
                quote!(rt::Next::From { field: #field, number: #number, keep: #keep })
            }
            Next::Step(by) => {
                let by = Literal::i64_unsuffixed(*by);
                quote!(rt::Next::Step(#by))
            }
        };
        quote!(rt::Cursor { param: #param, next: #next })
    });
    let items = page.items.iter().map(|list| path(list));
    let more = optional(page.more.as_ref().map(condition));
    quote!(rt::PagePlan { cursors: &[#(#cursors),*], items: &[#(#items),*], more: #more })
}

/// `polled` is the request of the operation that is asked.
pub(super) fn job_plan(polled: &TokenStream, plan: &model::Job) -> TokenStream {
    let (key, param, number) = (path(&plan.key), &plan.param, declared(plan.ty));
    let with = plan
        .with
        .iter()
        .map(|(name, value)| quote!((#name, #value)));
    let done = condition(&plan.done);
    let failed = optional(plan.failed.as_ref().map(condition));
    let message = optional(plan.message.as_deref().map(path));
    let every = Literal::u64_unsuffixed(plan.every_ms.into());
    let within = Literal::u64_unsuffixed(plan.within_s.into());
    quote! {
        rt::JobPlan {
            poll: <#polled as rt::Request>::OPERATION,
            key: #key,
            param: #param,
            number: #number,
            with: &[#(#with),*],
            done: #done,
            failed: #failed,
            message: #message,
            every: ::std::time::Duration::from_millis(#every),
            within: ::std::time::Duration::from_secs(#within),
        }
    }
}
