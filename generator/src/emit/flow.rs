//! Owns what goes beyond one call: what may be repeated, what is kept apart, chunks, pages, jobs.

use catalog::model::{self, Condition, Next, Page, Rule};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::laid::{self, literal};
use super::tokens::{ident, ty};
use crate::sdk::{Job, Limit, Operation, declared_number};

/// What the `static` of an operation says beyond its address.
pub(super) fn facts(operation: &Operation) -> Vec<String> {
    let mut facts = Vec::new();
    if operation.model.safe {
        facts.push("safe: true".to_owned());
    }
    if let Some((least, most)) = operation.model.pace_ms {
        facts.push(format!("pace_ms: Some(({least}, {most}))"));
    }
    if !operation.limits.is_empty() {
        let limits: Vec<String> = operation.limits.iter().map(limit).collect();
        facts.push(format!("limits: &[{}]", limits.join(", ")));
    }
    facts
}

fn limit(limit: &Limit) -> String {
    match limit {
        Limit::Items(name, least, most) => {
            let most = match *most {
                u32::MAX => "u32::MAX".to_owned(),
                most => most.to_string(),
            };
            let name = literal(name);
            format!("Limit::Items {{ name: {name}, least: {least}, most: {most} }}")
        }
        Limit::Rule(Rule::OneOf(names)) => {
            let names: Vec<String> = names.iter().map(|name| literal(name)).collect();
            format!("Limit::OneOf(&[{}])", names.join(", "))
        }
        Limit::Rule(Rule::CountEquals { field, mark, list }) => {
            let (name, mark, list) = (literal(field), literal(mark), literal(list));
            format!("Limit::Count {{ name: {name}, mark: {mark}, list: {list} }}")
        }
    }
}

/// The methods that make several calls of one request.
pub(super) fn methods(module: &str, operation: &Operation) -> String {
    let same = format!("同 [`{0}`](Self::{0})", operation.method);
    let method = |about: String, name: &str, reply: String, body: &str| {
        let attributes = format!("    /// {same}，{about}\n    #[inline]\n");
        laid::method(&attributes, name, &operation.request, &reply, body)
    };
    let mut methods = String::new();
    if let Some(chunked) = &operation.chunked {
        let about = format!("列表每 {} 个一次，依次发送，返回合并。", chunked.most);
        let reply = format!("Chunks<{}>", chunked.item.rust());
        methods += &method(about, &chunked.method, reply, "self.0.chunks(request)");
    }
    if let Some(pages) = &operation.pages {
        let about = "从请求所指的一页起，逐页取到末页。".to_owned();
        let reply = format!("Pages<{}>", operation.reply.rust());
        methods += &method(about, pages, reply, "self.0.pages(request)");
    }
    if let Some(job) = &operation.job {
        // rustdoc finds what stands in the same file without being told where.
        let polled = if job.module == module {
            format!("[`struct@{}`]", job.request)
        } else {
            format!("[`{1}`](super::{0}::{1})", job.module, job.request)
        };
        let about = format!("并等到结果（{polled}）。");
        let reply = format!("Job<{}>", job.reply.rust());
        methods += &method(about, &job.method, reply, "self.0.job(request)");
    }
    methods
}

/// What the runtime has to know for them.
pub(super) fn plans(module: &str, operation: &Operation) -> TokenStream {
    let name = ident(&operation.request);
    let chunked = operation.chunked.iter().map(|chunked| {
        let (item, list) = (ty(&chunked.item), &chunked.list);
        let most = Literal::u32_unsuffixed(chunked.most);
        quote! {
            impl Chunked for #name {
                type Item = #item;
                const LIST: &'static str = #list;
                const MOST: usize = #most;
            }
        }
    });
    let page = operation.model.page.iter().map(|page| {
        let plan = page_plan(page);
        quote! {
            impl Paged for #name {
                const PAGES: PagePlan = #plan;
            }
        }
    });
    let job = operation.job.iter().map(|job| {
        let (reply, plan) = (
            ty(&job.reply),
            job_plan(module, job, operation.model.job.as_ref()),
        );
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

fn declared(ty: model::Type) -> TokenStream {
    optional(declared_number(ty).map(|number| quote!(#number)))
}

fn condition(condition: &Condition) -> TokenStream {
    let (field, values) = (
        optional(condition.field.as_deref().map(path)),
        &condition.values,
    );
    quote!(Condition { field: #field, values: &[#(#values),*] })
}

fn page_plan(page: &Page) -> TokenStream {
    let cursors = page.cursors.iter().map(|cursor| {
        let param = &cursor.param;
        let next = match &cursor.next {
            Next::From { field, keep } => {
                let (field, number) = (path(field), declared(cursor.ty));
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

fn job_plan(module: &str, job: &Job, plan: Option<&model::Job>) -> Option<TokenStream> {
    let plan = plan?;
    let request = ident(&job.request);
    let polled = if job.module == module {
        quote!(#request)
    } else {
        let other = ident(&job.module);
        quote!(super::#other::#request)
    };
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
    Some(quote! {
        JobPlan {
            poll: <#polled as Request>::OPERATION,
            key: #key,
            param: #param,
            number: #number,
            with: &[#(#with),*],
            done: #done,
            failed: #failed,
            message: #message,
            every: Duration::from_millis(#every),
            within: Duration::from_secs(#within),
        }
    })
}
