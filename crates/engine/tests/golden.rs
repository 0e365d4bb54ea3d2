//! Golden journals: what an earlier version wrote, every later one replays to the same digest, for ever.
//!
//! Each folder of `tests/golden` is a closed journal with a file of the same name that holds its digest. They are only
//! ever added to. A new one is made with `comity demo --payments 150` and copied from its `journal/`.

use std::path::Path;

use comity_engine::verify::verify;

#[test]
fn golden_journals_replay_to_the_same_digest() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut proven = 0;
    for entry in std::fs::read_dir(&golden).expect("the folder of golden journals") {
        let journal = entry.expect("a readable folder").path();
        if !journal.is_dir() {
            continue;
        }
        let expected = std::fs::read_to_string(journal.with_extension("digest")).expect("its digest");
        // Verified in a copy: a test leaves nothing behind in the repository.
        let copy = tempfile::tempdir().expect("a folder");
        for file in std::fs::read_dir(&journal).expect("a journal") {
            let file = file.expect("a readable file").path();
            std::fs::copy(&file, copy.path().join(file.file_name().expect("a name"))).expect("a copy");
        }
        let proof = verify(copy.path(), |_| ()).unwrap_or_else(|fault| panic!("{}: {fault}", journal.display()));
        let digest: String = proof.digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, expected.trim(), "{}", journal.display());
        assert!(proof.journal.is_sound() && proof.journal.closed && proof.unsigned == 0, "{}", journal.display());
        proven += 1;
    }
    assert!(proven > 0, "there is at least one golden journal");
}
