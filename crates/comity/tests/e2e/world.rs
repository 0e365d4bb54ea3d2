//! What every test here needs: the binary, a temporary folder, files read back, chance with a seed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The binary under test.
pub(crate) const COMITY: &str = env!("CARGO_BIN_EXE_comity");

/// What a run of the binary gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The run, if it ended with this code.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// A command with a clean environment in a folder.
pub(crate) fn command(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(COMITY);
    command.args(arguments).current_dir(dir).stdin(Stdio::null()).env_remove("NO_COLOR");
    command
}

/// Runs the binary to its end.
pub(crate) fn comity(dir: &Path, arguments: &[&str]) -> Ran {
    finish(&mut command(dir, arguments))
}

/// Runs a prepared command to its end.
pub(crate) fn finish(command: &mut Command) -> Ran {
    let output = command.output().expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A new temporary folder.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("comity-e2e-").tempdir().expect("a temporary folder")
}

/// A new temporary folder in memory where the system has one: for tests of which a slow disk would take most of the time
/// and show nothing more, because a killed process leaves its writes in the page cache either way.
pub(crate) fn folder_in_memory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = tempfile::Builder::new().prefix("comity-e2e-").tempdir_in(memory);
    made.unwrap_or_else(|_| folder())
}

pub(crate) fn write(path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
    let path = path.as_ref();
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

#[track_caller]
pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a folder by name.
pub(crate) fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(dir) else { return BTreeMap::new() };
    let mut files = BTreeMap::new();
    for entry in entries {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("names are text");
        files.insert(name, std::fs::read(entry.path()).expect("a file"));
    }
    files
}

/// The summary a day left.
pub(crate) fn summary(dir: &Path) -> Value {
    serde_json::from_str(&read(dir.join("summary.json"))).expect("a summary is JSON")
}

/// The final digest of a day.
pub(crate) fn digest(dir: &Path) -> String {
    summary(dir)["digest"].as_str().expect("a digest").to_owned()
}

/// Copies what a user prepares - arrangement, participants, keys, inbox - and nothing a run wrote.
pub(crate) fn copy_prepared(from: &Path, to: &Path) {
    for (name, bytes) in files_only(from) {
        if name.ends_with(".toml") || name.ends_with(".csv") {
            write(to.join(name), bytes);
        }
    }
    for inner in ["keys", "inbox"] {
        std::fs::create_dir_all(to.join(inner)).expect("a folder");
        for (name, bytes) in files(&from.join(inner)) {
            write(to.join(inner).join(name), bytes);
        }
    }
}

fn files_only(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            found.push((name, std::fs::read(&path).expect("a file")));
        }
    }
    found
}

/// The shared data, where they are: the folder named by `COMITY_SHARED`, or `shared` beside the repository.
pub(crate) fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("COMITY_SHARED").map(PathBuf::from);
    let beside = || {
        let start = Path::new(env!("CARGO_MANIFEST_DIR"));
        start.ancestors().map(|folder| folder.join("shared")).find(|folder| folder.is_dir())
    };
    named.filter(|folder| folder.is_dir()).or_else(beside)
}

/// Chance with a seed (SplitMix64): a failure names its seed and can be seen again.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}
