//! Writes eyun's documents many times over as a catalog of one provider, `large`, for `cargo xtask codegen --catalog`.
//!
//! `cargo run -p tests --example large_catalog -- 80 DIR`

use std::path::Path;
use std::{env, fs, io};

use tests::copies;

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let (Some(Ok(n)), Some(folder)) = (arguments.next().map(|n| n.parse()), arguments.next())
    else {
        return Err(io::Error::other("usage: large_catalog COPIES DIR"));
    };
    let sources = copies(n);
    let folder = Path::new(&folder).join("large");
    for file in sources.specs.iter().chain([&sources.config]) {
        let path = folder.join(file.path());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, file.text())?;
    }
    Ok(())
}
