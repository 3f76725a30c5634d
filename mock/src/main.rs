//! A gateway that speaks a vendor's protocol, for clients in any language.
//!
//! Exit codes: 0 stopped by Ctrl-C, 1 the address cannot be listened on, 2 the command line was not understood.

mod args;
mod program;

use args::{Command, Options};
use generated_sdk::runtime::mock::{Builder, Gateway, Scripted, Served};
use generated_sdk::{dami, eyun, padchat};
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = match args::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => {
            say(&mut io::stdout(), args::USAGE.trim_end());
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            say(
                &mut io::stderr(),
                &format!("error: {message}\n\n{}", args::USAGE.trim_end()),
            );
            return ExitCode::from(2);
        }
        Ok(command) => command,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let ended = runtime.and_then(|runtime| runtime.block_on(run(command)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&mut io::stderr(), &format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Plays what was asked for.
async fn run(command: Command) -> io::Result<()> {
    match command {
        Command::Run(options) => play(options).await,
        Command::Visit(options) => {
            program::run(&options, |line| say(&mut io::stdout(), line)).await
        }
        Command::Help => Ok(()),
    }
}

/// Plays the gateway that was asked for.
async fn play(options: Options) -> io::Result<()> {
    let every = options.incoming_every;
    match options.id {
        "dami" => {
            let mut builder = dami::mock::Gateway::builder();
            if let Some(every) = every {
                builder = builder.incoming_every(every);
            }
            serve(builder, &options, Gateway::url).await
        }
        "padchat" => {
            let mut builder = padchat::mock::Gateway::builder();
            if let Some(every) = every {
                builder = builder.incoming_every(every);
            }
            serve(builder, &options, Gateway::socket_url).await
        }
        _ => {
            let mut builder = eyun::mock::Gateway::builder();
            if options.verify_first {
                builder = builder.verify_first();
            }
            if let Some(every) = every {
                builder = builder.incoming_every(every);
            }
            serve(builder, &options, Gateway::url).await
        }
    }
}

/// Serves until Ctrl-C; says at which address clients find the gateway.
async fn serve<V: Scripted>(
    builder: Builder<V>,
    options: &Options,
    address: fn(&Gateway<V>) -> String,
) -> io::Result<()> {
    let builder = builder.listen(options.listen);
    let builder = builder.observe(|served| say(&mut io::stdout(), &line(served)));
    let gateway = builder
        .start()
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", options.listen)))?;
    let (id, address, url) = (options.id, address(&gateway), gateway.url());
    say(
        &mut io::stdout(),
        &format!(
            "{id} mock gateway: {address} (loopback only; faults, calls and what it tells: {url}/__mock/; Ctrl-C stops it)"
        ),
    );
    tokio::signal::ctrl_c().await?;
    gateway.shutdown().await;
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
        served.operation.unwrap_or("-"),
        served.code,
        served.took.as_millis()
    )
}

/// Writes a line; where nobody reads any more, there is nobody to tell.
fn say(out: &mut dyn Write, line: &str) {
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
