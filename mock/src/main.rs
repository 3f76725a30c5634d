//! A gateway that speaks a vendor's protocol, for clients in any language.
//!
//! Exit codes: 0 stopped by Ctrl-C, 1 there is nothing to play or nowhere to listen, 2 the command line was not
//! understood.

mod command_line;

use command_line::Options;
use mock_gateway::{Builder, BuiltIn, Documented, Served, Unplayable, Vendor, World};
use mock_gateway::{dami, eyun, ilink, padchat, program};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

fn main() -> ExitCode {
    let misused = |message: &str| {
        let usage = command_line::USAGE.trim_end();
        say(&mut io::stderr(), &format!("error: {message}\n\n{usage}"));
        ExitCode::from(2)
    };
    let options = match command_line::parse(std::env::args_os().skip(1)) {
        Ok(None) => {
            say(&mut io::stdout(), command_line::USAGE.trim_end());
            return ExitCode::SUCCESS;
        }
        Err(message) => return misused(&message),
        Ok(Some(options)) => options,
    };
    let vendor = match vendor(&options) {
        Ok(vendor) => vendor,
        Err(error) if options.catalog.is_none() => return misused(&error.to_string()),
        Err(error) => return failed(&error),
    };
    if let Err(message) = options.check(vendor.is_program()) {
        return misused(&message);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime.and_then(|runtime| runtime.block_on(play(&options, vendor))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &dyn std::error::Error) -> ExitCode {
    say(&mut io::stderr(), &format!("error: {error}"));
    ExitCode::FAILURE
}

/// What the documents say of the provider that was asked for.
fn vendor(options: &Options) -> Result<Arc<Vendor>, Unplayable> {
    let folder = options
        .catalog
        .as_deref()
        .map(|catalog| folder(catalog, &options.id));
    match (folder, options.api.as_deref()) {
        (Some(folder), Some(api)) => Vendor::read_api(folder, api),
        (Some(folder), None) => Vendor::read(folder),
        (None, Some(api)) => Vendor::built_in_api(&options.id, api),
        (None, None) => Vendor::built_in(&options.id),
    }
}

/// A provider's folder in a catalog folder, which may be the provider's itself.
fn folder(catalog: &Path, id: &str) -> PathBuf {
    let is_itself = catalog.file_name().is_some_and(|name| name == id);
    if is_itself && catalog.join("provider.toml").is_file() {
        return catalog.to_path_buf();
    }
    catalog.join(id)
}

/// Plays what was asked for, until Ctrl-C.
async fn play(options: &Options, vendor: Arc<Vendor>) -> io::Result<()> {
    if vendor.is_program() {
        return visit(options, vendor).await;
    }
    match options.id.as_str() {
        "dami" => {
            let mut builder = builder::<dami::World>(vendor, options);
            for (address, encoding) in &options.encodings {
                builder = match address.as_str() {
                    "" => builder.posts_as(*encoding),
                    address => builder.posts_to(address, *encoding),
                };
            }
            serve(builder, options).await
        }
        "eyun" => {
            let mut builder = builder::<eyun::World>(vendor, options);
            if options.verify_first {
                builder = builder.verify_first();
            }
            serve(builder, options).await
        }
        "padchat" => {
            let mut builder = builder::<padchat::World>(vendor, options);
            if options.echo {
                builder = builder.echo();
            }
            serve(builder, options).await
        }
        "ilink" => {
            let mut builder = builder::<ilink::World>(vendor, options);
            if !options.scans.is_empty() {
                builder = builder.scans(options.scans.iter().cloned());
            }
            serve(builder, options).await
        }
        id if options.incoming_every.is_some() => {
            let message = format!("nobody writes to {id}: `--incoming-every` says nothing to it");
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        }
        _ => serve(Builder::<Documented>::new(vendor), options).await,
    }
}

fn builder<W: BuiltIn>(vendor: Arc<Vendor>, options: &Options) -> Builder<W> {
    let builder = Builder::new(vendor).body_limit(W::BODY_LIMIT);
    match options.incoming_every {
        Some(every) => builder.incoming_every(every),
        None => builder,
    }
}

/// Serves until Ctrl-C; says at which address clients find the gateway.
async fn serve<W: World>(builder: Builder<W>, options: &Options) -> io::Result<()> {
    let listen = options.address();
    let mut builder = builder.listen(listen);
    if options.strict {
        builder = builder.strict();
    }
    let builder = builder.observe(|served| say(&mut io::stdout(), &line(served)));
    let started = builder.start().await;
    let gateway =
        started.map_err(|error| io::Error::new(error.kind(), format!("{listen}: {error}")))?;
    let url = gateway.url();
    let address = match gateway.socket_url() {
        socket if socket.is_empty() => url.clone(),
        socket => socket,
    };
    say(
        &mut io::stdout(),
        &format!(
            "{} mock gateway: {address} (loopback only; faults, calls and what it tells: {url}/__mock/; Ctrl-C stops it)",
            options.id
        ),
    );
    tokio::signal::ctrl_c().await?;
    gateway.shutdown().await;
    Ok(())
}

/// Comes to the user's server until Ctrl-C.
async fn visit(options: &Options, vendor: Arc<Vendor>) -> io::Result<()> {
    let or =
        |given: &Option<String>, usual: &str| given.clone().unwrap_or_else(|| usual.to_owned());
    let server = or(&options.server, "http://127.0.0.1:8080");
    let (account, process) = (
        or(&options.account, &mock_gateway::people::me().id),
        or(&options.process, "7768"),
    );
    let name = vendor.name().replace("::", " ");
    say(
        &mut io::stdout(),
        &format!(
            "{name} mock program: {account} as process {process} comes to {server} (Ctrl-C stops it)"
        ),
    );
    let mut builder = program::Builder::new(vendor, server)
        .account(account)
        .process(process)
        .poll_every(options.poll_every.unwrap_or(Duration::from_secs(1)))
        .events_every(options.incoming_every.unwrap_or(Duration::from_secs(2)))
        .observe(|line| say(&mut io::stdout(), line));
    if let Some(secret) = &options.secret {
        builder = builder.secret_path(secret);
    }
    for fault in &options.misbehave {
        builder = builder.fault(*fault);
    }
    let program = builder.start()?;
    tokio::signal::ctrl_c().await?;
    drop(program);
    Ok(())
}

/// One request: method, path, operation, code, duration. A path is a stranger's text.
fn line(served: &Served) -> String {
    let path: String = served
        .path
        .chars()
        .filter(|c| !c.is_control())
        .take(120)
        .collect();
    format!(
        "{} {path} {} {} {} ms",
        served.method,
        served.operation.as_deref().unwrap_or("-"),
        served.code,
        served.took.as_millis()
    )
}

/// Writes a line; where nobody reads any more, there is nobody to tell.
fn say(out: &mut dyn Write, line: &str) {
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
