//! What cargo says of the packages of the workspace: their names and what they depend on.
//!
//! Absent on purpose: versions and features; `cargo deny` looks at those.

use std::process::Stdio;

use serde_json::Value;

use crate::command;

/// One package of the workspace.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    /// The room: the name without `comity-`.
    pub(crate) room: String,
    /// Where its `Cargo.toml` is, from the root of the repository.
    pub(crate) manifest: String,
    /// What it depends on.
    pub(crate) needs: Vec<Need>,
}

/// One dependency of a package.
#[derive(Debug, Clone)]
pub(crate) struct Need {
    /// The room or the outside crate.
    pub(crate) name: String,
    /// Whether it is one of ours.
    pub(crate) ours: bool,
    /// Whether only tests, examples and benchmarks need it.
    pub(crate) tests_only: bool,
}

/// Asks cargo.
pub(crate) fn read() -> Result<Vec<Package>, String> {
    let output = command::cargo(["metadata", "--no-deps", "--format-version", "1"])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", output.status));
    }
    parse(&output.stdout)
}

/// Reads what `cargo metadata --no-deps` printed.
pub(crate) fn parse(json: &[u8]) -> Result<Vec<Package>, String> {
    let value: Value = serde_json::from_slice(json).map_err(|error| format!("cargo metadata: {error}"))?;
    let root = word(&value, "workspace_root")?;
    let mut packages = Vec::new();
    for package in list(&value, "packages")? {
        let manifest = word(package, "manifest_path")?;
        let mut needs = Vec::new();
        for need in list(package, "dependencies")? {
            let name = word(need, "name")?;
            // Only what is taken from a folder is ours; the rest comes from a registry.
            let ours = need.get("path").is_some_and(Value::is_string);
            needs.push(Need {
                name: if ours { room(name) } else { name.into() },
                ours,
                tests_only: need.get("kind").and_then(Value::as_str) == Some("dev"),
            });
        }
        packages.push(Package {
            room: room(word(package, "name")?),
            manifest: manifest
                .strip_prefix(root)
                .unwrap_or(manifest)
                .trim_start_matches(['/', '\\'])
                .replace('\\', "/"),
            needs,
        });
    }
    Ok(packages)
}

fn room(package: &str) -> String {
    package.strip_prefix("comity-").unwrap_or(package).into()
}

fn word<'a>(value: &'a Value, name: &str) -> Result<&'a str, String> {
    value.get(name).and_then(Value::as_str).ok_or_else(|| format!("cargo metadata: no text field {name:?}"))
}

fn list<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>, String> {
    value.get(name).and_then(Value::as_array).ok_or_else(|| format!("cargo metadata: no list {name:?}"))
}
