//! Owns a workspace in miniature for tests: providers, a runtime, a licence.

mod crate_files;
mod lints;
mod sources;

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::run;
use crate::Outcome;
use crate::args::{Accept, Codegen, Selection};
use crate::paths::Workspace;
use crate::scratch::Scratch;
use crate::terminal::Terminal;

pub(super) const CONFIG: &str = "\
title = \"X\"
transport = \"http-json\"

[[dialect.item]]
kind = \"endpoint\"
heading = \"{method} {path}\"
";
pub(super) const SPEC: &str = "\
# 标签

### POST /add

**参数**

| 参数名 | 必选 | 类型 | 说明 |
| --- | --- | --- | --- |
| labelName | 是 | string | 标签名称 |
";

/// A workspace.
pub(super) struct World(pub(super) Scratch);

/// How a run ended, and what it said.
pub(super) struct Run {
    pub(super) outcome: Outcome,
    pub(super) out: String,
    pub(super) err: String,
}

impl World {
    /// With these providers, all alike.
    pub(super) fn of(providers: &[&str]) -> Self {
        let world = Self(Scratch::new());
        world.0.file("generated-sdk/src/runtime/mod.rs", "//! R.\n");
        world.0.file("LICENSE-MIT", "MIT\n");
        for id in providers {
            world.spec(id, SPEC);
            world.0.file(&of(id, "provider.toml"), CONFIG);
        }
        world
    }

    pub(super) fn spec(&self, id: &str, text: &str) {
        self.0.file(&of(id, "specs/a.md"), text);
    }

    /// Runs codegen in it.
    pub(super) fn run(&self, options: &Codegen) -> Run {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal::into(&mut out, &mut err);
        let outcome = run(&Workspace::at(self.0.path()), options, &mut terminal).unwrap();
        drop(terminal);
        Run {
            outcome,
            out: String::from_utf8(out).unwrap(),
            err: String::from_utf8(err).unwrap(),
        }
    }

    pub(super) fn codegen(&self) -> Run {
        self.run(&Codegen::default())
    }

    pub(super) fn check(&self) -> Run {
        self.run(&Codegen {
            check: true,
            ..Codegen::default()
        })
    }

    pub(super) fn accept(&self, accept: Accept) -> Run {
        self.run(&Codegen {
            accept: Some(accept),
            ..Codegen::default()
        })
    }

    pub(super) fn only(&self, id: &str) -> Run {
        self.run(&only(id))
    }

    /// Writes a crate of its own into a folder of the workspace.
    pub(super) fn out(&self, folder: &str, options: Codegen) -> Run {
        self.run(&Codegen {
            out: Some(self.0.at(folder)),
            ..options
        })
    }

    /// The files below a folder.
    pub(super) fn below(&self, folder: &str) -> Vec<String> {
        let prefix = format!("{folder}/");
        let all = self.0.files();
        let below = all.iter().filter_map(|path| path.strip_prefix(&prefix));
        below.map(str::to_owned).collect()
    }

    /// Every file, its text, and when it was last written.
    pub(super) fn state(&self) -> Vec<(String, String, SystemTime)> {
        let modified = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        let all = self.0.files().into_iter();
        all.map(|path| {
            let (text, time) = (self.0.read(&path), modified(&self.0.at(&path)));
            (path, text, time)
        })
        .collect()
    }
}

pub(super) fn of(id: &str, file: &str) -> String {
    format!("catalog/providers/{id}/{file}")
}

pub(super) fn only(id: &str) -> Codegen {
    Codegen {
        selection: Selection {
            providers: vec![id.to_owned()],
            catalog: None,
            ..Selection::default()
        },
        ..Codegen::default()
    }
}
