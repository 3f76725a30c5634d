//! Owns what goes beyond one call: what may be repeated, what is kept apart, chunks, pages, jobs.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::tokens::{doc_line, ident, ty};
use crate::sdk::{Condition, Job, Limit, Next, Operation, Page};

/// What the `static` of an operation says beyond its address.
pub(super) fn facts(operation: &Operation) -> Vec<TokenStream> {
    let mut facts = Vec::new();
    if operation.safe {
        facts.push(quote!(safe: true,));
    }
    if let Some((least, most)) = operation.pace_ms {
        let (least, most) = (number(least), number(most));
        facts.push(quote!(pace_ms: Some((#least, #most)),));
    }
    if !operation.limits.is_empty() {
        let limits = operation.limits.iter().map(limit);
        facts.push(quote!(limits: &[#(#limits),*],));
    }
    facts
}

fn number(number: u32) -> Literal {
    Literal::u32_unsuffixed(number)
}

fn limit(limit: &Limit) -> TokenStream {
    match limit {
        Limit::Items(name, least, most) => {
            let least = number(*least);
            let most = if *most == u32::MAX {
                quote!(u32::MAX)
            } else {
                let most = number(*most);
                quote!(#most)
            };
            quote!(Limit::Items { name: #name, least: #least, most: #most })
        }
        Limit::OneOf(names) => quote!(Limit::OneOf(&[#(#names),*])),
        Limit::Count(name, mark, list) => {
            quote!(Limit::Count { name: #name, mark: #mark, list: #list })
        }
    }
}

/// The methods that make several calls of one request.
pub(super) fn methods(module: &str, operation: &Operation) -> TokenStream {
    let request = ident(&operation.request);
    let chunked = operation.chunked.iter().map(|chunked| {
        let (method, item) = (ident(&chunked.method), ty(&chunked.item));
        let about = format!(
            "同 [`{0}`](Self::{0})，列表每 {1} 个一次，依次发送，返回合并。",
            operation.method, chunked.most
        );
        let docs = doc_line(&about);
        quote! {
            #docs
            #[inline]
            pub fn #method(&self, request: #request) -> Chunks<#item> {
                self.0.chunks(request)
            }
        }
    });
    let page = operation.page.iter().map(|page| {
        let (method, reply) = (ident(&page.method), ty(&operation.reply));
        let about = format!(
            "同 [`{0}`](Self::{0})，从请求所指的一页起，逐页取到末页。",
            operation.method
        );
        let docs = doc_line(&about);
        quote! {
            #docs
            #[inline]
            pub fn #method(&self, request: #request) -> Pages<#reply> {
                self.0.pages(request)
            }
        }
    });
    let job = operation.job.iter().map(|job| {
        let (method, reply) = (ident(&job.method), ty(&job.reply));
        // rustdoc finds what stands in the same file without being told where.
        let polled = if job.module == module {
            format!("[`struct@{}`]", job.request)
        } else {
            format!("[`{1}`](super::{0}::{1})", job.module, job.request)
        };
        let about = format!(
            "同 [`{0}`](Self::{0})，并等到结果（{polled}）。",
            operation.method
        );
        let docs = doc_line(&about);
        quote! {
            #docs
            #[inline]
            pub fn #method(&self, request: #request) -> Job<#reply> {
                self.0.job(request)
            }
        }
    });
    quote!(#(#chunked)* #(#page)* #(#job)*)
}

/// What the runtime has to know for them.
pub(super) fn plans(module: &str, operation: &Operation) -> TokenStream {
    let name = ident(&operation.request);
    let chunked = operation.chunked.iter().map(|chunked| {
        let (item, list) = (ty(&chunked.item), &chunked.list);
        let most = number(chunked.most);
        quote! {
            impl Chunked for #name {
                type Item = #item;
                const LIST: &'static str = #list;
                const MOST: usize = #most;
            }
        }
    });
    let page = operation.page.iter().map(|page| {
        let plan = page_plan(page);
        quote! {
            impl Paged for #name {
                const PAGES: PagePlan = #plan;
            }
        }
    });
    let job = operation.job.iter().map(|job| {
        let (reply, plan) = (ty(&job.reply), job_plan(module, job));
        quote! {
            impl Started for #name {
                type Result = #reply;
                const JOB: JobPlan = #plan;
            }
        }
    });
    quote!(#(#chunked)* #(#page)* #(#job)*)
}

fn path(path: &[String]) -> TokenStream {
    quote!(&[#(#path),*])
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

fn declared(number: Option<bool>) -> TokenStream {
    optional(number.map(|number| quote!(#number)))
}

fn condition(condition: &Condition) -> TokenStream {
    let (field, values) = (path(&condition.field), &condition.values);
    quote!(Condition { field: #field, values: &[#(#values),*] })
}

fn page_plan(page: &Page) -> TokenStream {
    let cursors = page.cursors.iter().map(|cursor| {
        let param = &cursor.param;
        let next = match &cursor.next {
            Next::From {
                field,
                number,
                keep,
            } => {
                let (field, number) = (path(field), declared(*number));
                quote!(Next::From { field: #field, number: #number, keep: #keep })
            }
            Next::Step(by) => {
                let by = Literal::i64_unsuffixed(*by);
                quote!(Next::Step(#by))
            }
        };
        quote!(Cursor { param: #param, next: #next })
    });
    let items = page.items.iter().map(|list| path(list));
    let more = optional(page.more.as_ref().map(condition));
    quote!(PagePlan { cursors: &[#(#cursors),*], items: &[#(#items),*], more: #more })
}

fn job_plan(module: &str, job: &Job) -> TokenStream {
    let request = ident(&job.request);
    let polled = if job.module == module {
        quote!(#request)
    } else {
        let other = ident(&job.module);
        quote!(super::#other::#request)
    };
    let (key, param, number) = (path(&job.key), &job.param, declared(job.number));
    let done = condition(&job.done);
    let failed = optional(job.failed.as_ref().map(condition));
    let message = optional(job.message.as_deref().map(path));
    let every = Literal::u64_unsuffixed(job.every_ms.into());
    let within = Literal::u64_unsuffixed(job.within_s.into());
    quote! {
        JobPlan {
            poll: <#polled as Request>::OPERATION,
            key: #key,
            param: #param,
            number: #number,
            done: #done,
            failed: #failed,
            message: #message,
            every: Duration::from_millis(#every),
            within: Duration::from_secs(#within),
        }
    }
}
