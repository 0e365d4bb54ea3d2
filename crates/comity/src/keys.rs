//! Signing keys of authorities: `keys/CC.key`, 64 hexadecimal digits, readable by their owner only.

use std::io::Write;
use std::path::Path;

use comity_arrangement::Arrangement;
use comity_engine::checkpoint::{Signatory, public_key};

use crate::exit::{Exit, Failure, at};

/// Name of the folder.
pub(crate) const DIR: &str = "keys";

/// Makes a key for every authority of the arrangement that has neither a key file nor a public key in the arrangement.
/// `secret` gives the 32 secret bytes for a country.
pub(crate) fn make_missing(
    dir: &Path,
    arrangement: &Arrangement,
    secret: impl Fn(&str) -> Result<[u8; 32], Failure>,
) -> Result<(), Failure> {
    let keys = dir.join(DIR);
    for country in arrangement.keys_missing() {
        let path = keys.join(format!("{country}.key"));
        if path.exists() {
            continue;
        }
        std::fs::create_dir_all(&keys).map_err(at(&keys))?;
        write_secret(&path, &secret(country.as_str())?).map_err(at(&path))?;
    }
    Ok(())
}

/// Secret bytes from the operating system.
pub(crate) fn random_secret(_country: &str) -> Result<[u8; 32], Failure> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)
        .map_err(|error| Failure::new(Exit::Fault, format!("the system gives no random bytes: {error}")))?;
    Ok(secret)
}

fn write_secret(path: &Path, secret: &[u8; 32]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{}", crate::output::hex(secret))
}

/// Reads the key files that are there, gives the arrangement the public keys it lacks, and returns who can sign.
pub(crate) fn load(dir: &Path, arrangement: &mut Arrangement) -> Result<Vec<Signatory>, Failure> {
    let mut signatories = Vec::new();
    let missing = arrangement.keys_missing();
    let authorities: Vec<_> = arrangement.authorities.iter().map(|authority| authority.country).collect();
    for country in authorities {
        let path = dir.join(DIR).join(format!("{country}.key"));
        if !path.exists() {
            if missing.contains(&country) {
                let message = format!(
                    "authority {country} has no public_key in arrangement.toml and no key file {}; \
                     `comity new` makes one, or put the public key into the arrangement",
                    path.display()
                );
                return Err(Failure::refused(message));
            }
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(at(&path))?;
        let Some(secret) = parse(text.trim()) else {
            return Err(Failure::refused(format!("{}: expected 64 hexadecimal digits", path.display())));
        };
        if missing.contains(&country) {
            arrangement.set_public_key(country, public_key(&secret));
        }
        let id = arrangement.directory.authority(country).expect("the arrangement lists its own authorities");
        signatories.push(Signatory::new(id, &secret));
    }
    Ok(signatories)
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(out)
}
