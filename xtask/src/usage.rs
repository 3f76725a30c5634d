//! Owns the help texts. What they list is what people may have meant: there is no other list of the options.

/// What a help text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// The tool.
    Everything,
    /// `codegen`.
    Codegen,
    /// `inspect`.
    Inspect,
    /// `lint`.
    Lint,
    /// `diff`.
    Diff,
    /// `mock`.
    Mock,
}

/// The help text, ending in a line break.
pub(crate) fn of(topic: Topic) -> &'static str {
    match topic {
        Topic::Everything => EVERYTHING,
        Topic::Codegen => CODEGEN,
        Topic::Inspect => INSPECT,
        Topic::Lint => LINT,
        Topic::Diff => DIFF,
        Topic::Mock => MOCK,
    }
}

/// The options that a help text lists, without their dashes.
pub(crate) fn options(topic: Topic) -> impl Iterator<Item = &'static str> {
    let lines = of(topic).lines();
    let listed =
        lines.filter_map(|line| line.strip_prefix("  --").or(line.strip_prefix("  -h, --")));
    listed.filter_map(|line| line.split(' ').next())
}

const EVERYTHING: &str = "\
Usage: cargo xtask <command> [options]

  cargo xtask codegen [--provider ID]… [--catalog DIR] [--specs DIR] [--out DIR] [--check]
                      [--accept specs|catalog] [--format text|json|github] [--deny CODE]…
      reads the providers and writes the SDK that is generated from them
  cargo xtask inspect [--provider ID]… [--catalog DIR] [--specs DIR]
                      [--format text|json|github] [--deny CODE]…
      shows what was understood
  cargo xtask lint    [--provider ID]… [--catalog DIR] [--specs DIR]
                      [--format text|json|github] [--deny CODE]…
      shows every doubtful reading, with the correction to paste
  cargo xtask diff    [OLD [NEW]]
      shows what a change of the documents does to programs that use the SDK
  cargo xtask mock    ID [--catalog DIR] [--listen ADDR]
      plays a vendor's gateway, for clients in any language
  cargo xtask help [command]
      shows this, or the options of one command

Exit codes: 0 all is well, 1 something is wrong with the sources, 2 the command line is wrong.
";

const CODEGEN: &str = "\
Usage: cargo xtask codegen [--provider ID]… [--catalog DIR] [--specs DIR] [--out DIR] [--check]
                           [--accept specs|catalog] [--format text|json|github] [--deny CODE]…

Reads the providers and writes the SDK that is generated from them: all of it, or nothing. Doubtful
readings (lints) are said and do not stop it, unless they are denied; what may stay as it is is
accepted in provider.toml, in an `[[accept]]` with `code`, `about` and `why`.

  --provider ID     only this provider; may be given several times
  --catalog DIR     a folder of provider folders, or one provider's folder; needs --out
                    (default: catalog/providers)
  --specs DIR       reads other documents by the same provider.toml, such as the vendor's own: those
                    in DIR/ID, or in DIR itself for the one provider that is named; needs --out
  --out DIR         writes a crate that stands alone, runtime included, to this folder, which is
                    empty, not there yet, or one that codegen wrote (default: generated-sdk, in
                    its place in the workspace)
  --check           writes nothing; fails and names the files that are stale
  --accept specs    where api_catalog.json was edited by hand: writes it anew from the specs
  --accept catalog  where api_catalog.json was edited by hand: takes it as the source instead of
                    the specs, until they change or `--accept specs` is given
  --format FORMAT   `text` for people (default), `json` for programs, `github` for the lines of a
                    pull request
  --deny CODE       makes lints of this code fatal, `--deny warnings` all that are not accepted
  -h, --help        shows this
";

const INSPECT: &str = "\
Usage: cargo xtask inspect [--provider ID]… [--catalog DIR] [--specs DIR]
                           [--format text|json|github] [--deny CODE]…

Shows what was understood: modules, operations, events and their fields. Errors and doubtful
readings go to stderr; in JSON they stand under `diagnostics`.

  --provider ID     only this provider; may be given several times
  --catalog DIR     a folder of provider folders, or one provider's folder
                    (default: catalog/providers)
  --specs DIR       reads other documents by the same provider.toml, such as the vendor's own: those
                    in DIR/ID, or in DIR itself for the one provider that is named
  --format FORMAT   `text` for people (default), `json` for programs, `github` for the lines of a
                    pull request
  --deny CODE       makes lints of this code fatal, `--deny warnings` all that are not accepted
  -h, --help        shows this
";

const LINT: &str = "\
Usage: cargo xtask lint [--provider ID]… [--catalog DIR] [--specs DIR]
                        [--format text|json|github] [--deny CODE]…

Shows every error and every doubtful reading with its place, and the correction to paste into
provider.toml. Fails if there are errors, or if what there is is denied.

  --provider ID     only this provider; may be given several times
  --catalog DIR     a folder of provider folders, or one provider's folder
                    (default: catalog/providers)
  --specs DIR       reads other documents by the same provider.toml, such as the vendor's own: those
                    in DIR/ID, or in DIR itself for the one provider that is named
  --format FORMAT   `text` for people (default), `json` for programs, `github` for the lines of a
                    pull request
  --deny CODE       makes lints of this code fatal, `--deny warnings` all that are not accepted
  -h, --help        shows this
";

const DIFF: &str = "\
Usage: cargo xtask diff [OLD [NEW]]

Compares two catalogs by what is generated from them, and shows what that does to programs that use
the SDK: what breaks them, what makes them behave differently or warns them, and what is new.

  OLD          a git revision, or a folder of provider folders (default: HEAD)
  NEW          likewise (default: catalog/providers as it is now)
  -h, --help   shows this

Both are read by the generator as it is now. Fails only if one of them cannot be read.
";

/// What the gateway understands is told by the gateway.
const MOCK: &str = include_str!("../../mock/src/usage.txt");
