//! Owns one crate of many generated providers: written below `target/`, with the real runtime, and
//! given to cargo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use catalog::config::CrateLayout;
use generator::Generated;
use generator::emit::manifest::{Member, crate_files};

use crate::root;

/// A crate on the disk.
#[derive(Clone, Debug)]
pub struct Crate {
    folder: PathBuf,
    features: String,
}

impl Crate {
    /// Writes the crate; what is there already is left alone, so that cargo sees what changed.
    ///
    /// # Panics
    /// If a file cannot be written.
    pub fn write(below: &str, providers: &[Generated]) -> Self {
        let folder = Path::new(below).join("generated-sdk");
        let members: Vec<Member> = providers.iter().map(member).collect();
        let files = crate_files(&CrateLayout::default(), &members).expect("templates are sound");
        for file in files {
            let more = match &*file.path {
                // Below target/ the crate would otherwise be taken for a member of the workspace.
                "Cargo.toml" => "\n[workspace]\n",
                "src/lib.rs" => "\n#[cfg(not(doc))]\nmod examples;\n",
                _ => "",
            };
            put(&folder.join(&file.path), &format!("{}{more}", file.text));
        }
        for provider in providers {
            for file in &provider.files {
                let path = folder
                    .join("src")
                    .join(&provider.sdks[0].ident)
                    .join(&file.path);
                put(&path, &file.text);
            }
        }
        put(&folder.join("src/examples.rs"), &examples(providers));
        copy(
            &root().join("generated-sdk/src/runtime"),
            &folder.join("src/runtime"),
        );
        let lock = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock");
        if !folder.join("Cargo.lock").exists() {
            put(&folder.join("Cargo.lock"), &lock);
        }
        let features: Vec<&str> = members.iter().map(|member| member.ident.as_str()).collect();
        Self {
            folder,
            features: features.join(","),
        }
    }

    /// The features of all providers.
    pub fn features(&self) -> &str {
        &self.features
    }

    /// What rustdoc has made of a provider.
    pub fn pages(&self, provider: &str) -> Vec<(PathBuf, String)> {
        let mut pages = Vec::new();
        let doc = self
            .folder
            .join("../generated-sdk-target/doc/generated_sdk");
        collect(&doc.join(provider), &mut pages);
        pages
    }

    /// Builds a program of the crate, without any feature but the providers', runs it, and hands out what it says.
    ///
    /// # Panics
    /// If it cannot be built, or fails.
    pub fn run(&self, name: &str, code: &str, arguments: &[&str]) -> String {
        put(&self.folder.join(format!("src/bin/{name}.rs")), code);
        let output = self
            .cargo(&["run", "--bin", name], &self.features)
            .arg("--")
            .args(arguments)
            .output()
            .expect("cargo");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A cargo command over the providers.
    fn cargo(&self, command: &[&str], features: &str) -> Command {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(command)
            .args(["--offline", "--quiet", "--message-format", "short"])
            .args(["--no-default-features", "--features"])
            .arg(features)
            .current_dir(&self.folder)
            .env(
                "CARGO_TARGET_DIR",
                self.folder.join("../generated-sdk-target"),
            )
            .env_remove("RUSTFLAGS");
        cargo
    }

    /// Runs a cargo command over the providers; the lines that complain about what was generated.
    ///
    /// # Panics
    /// If cargo cannot be started.
    pub fn complaints(&self, command: &[&str], features: &str) -> Vec<String> {
        let output = self.cargo(command, features).output().expect("cargo");
        let text = String::from_utf8_lossy(&output.stderr);
        let complains = |line: &&str| line.contains("error") || line.contains("warning");
        // The runtime has tests of its own.
        let ours = |line: &&str| !line.starts_with("src/runtime/");
        let found: Vec<String> = text
            .lines()
            .filter(complains)
            .filter(ours)
            .map(str::to_owned)
            .collect();
        if found.is_empty() && !output.status.success() {
            return vec![text.into_owned()];
        }
        found
    }
}

/// Every page below a folder.
fn collect(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, into);
        } else if let Ok(html) = fs::read_to_string(&path) {
            into.push((path, html));
        }
    }
}

fn member(generated: &Generated) -> Member {
    let sdk = &generated.sdks[0];
    Member {
        ident: sdk.ident.clone(),
        title: sdk.title.clone(),
        is_default: false,
    }
}

/// The examples in the documentation as code of the crate: faster than doctests, and seen by `check`.
fn examples(providers: &[Generated]) -> String {
    let mut out = String::from("#![allow(unused, deprecated, clippy::all)]\n");
    let files = providers.iter().flat_map(|provider| &provider.files);
    let lines = files.flat_map(|file| file.text.lines().map(move |line| (file, line)));
    let mut inside = false;
    for (n, (file, line)) in lines.enumerate() {
        let line = line.trim_start();
        let Some(line) = line.strip_prefix("///").filter(|_| inside) else {
            if line == "/// ```no_run" {
                inside = true;
                if file.path.ends_with("socket.rs") {
                    out.push_str("#[cfg(feature = \"websocket\")]\n");
                }
                out.push_str(&format!("mod example_{n} {{\n"));
            }
            continue;
        };
        let line = line.trim_start();
        if line == "```" {
            inside = false;
            out.push_str("}\n");
            continue;
        }
        let code = line.strip_prefix("# ").unwrap_or(line);
        out.push_str(&code.replace(" generated_sdk::", " crate::"));
        out.push('\n');
    }
    out
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the runtime").flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target);
        } else {
            put(
                &target,
                &fs::read_to_string(&source).expect("a source file"),
            );
        }
    }
}

fn put(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    let folder = path.parent().expect("a file has a folder");
    fs::create_dir_all(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
