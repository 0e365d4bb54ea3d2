//! End-of-day checkpoints: the state digest and the journal's hash, signed by each authority.
//!
//! ```text
//! version u8 = 1 | last entry u64 | time u64 | business date u32 | state digest [32] | journal hash [32]
//! | number of signatures u32 | (authority u32 | Ed25519 signature [64]) ...
//! ```
//! The signatures cover the bytes before their number, with a context string in front. Whoever holds the public keys can
//! check that every authority saw this state after this journal.

use comity_ledger::ids::{AuthorityId, Day, Time};
use comity_ledger::state::State;
use comity_ledger::wire::{Malformed, Source, Wire};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// Version of the format written.
pub const VERSION: u8 = 1;
/// Goes before the signed bytes, so that a signature here can never mean anything elsewhere.
const CONTEXT: &[u8] = b"comity checkpoint v1\0";

/// A checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Last entry it covers.
    pub seq: u64,
    /// When it was made.
    pub at: Time,
    /// The business date closed.
    pub date: Day,
    /// Digest of the state after that entry.
    pub state: [u8; 32],
    /// Hash of the journal's last frame before the checkpoint.
    pub journal: [u8; 32],
    /// Signatures by authority.
    pub signatures: Vec<(AuthorityId, [u8; 64])>,
}

/// A key that signs for an authority.
#[derive(Clone)]
pub struct Signatory {
    /// For whom.
    pub authority: AuthorityId,
    key: SigningKey,
}

impl std::fmt::Debug for Signatory {
    /// Never shows the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signatory").field("authority", &self.authority).finish_non_exhaustive()
    }
}

impl Signatory {
    /// Signs for `authority` with the 32 secret bytes of an Ed25519 key (RFC 8032).
    #[must_use]
    pub fn new(authority: AuthorityId, secret: &[u8; 32]) -> Self {
        Self { authority, key: SigningKey::from_bytes(secret) }
    }

    /// The public key that checks its signatures.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }
}

/// The public key of a secret one.
#[must_use]
pub fn public_key(secret: &[u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(secret).verifying_key().to_bytes()
}

impl Checkpoint {
    /// Signs the present state after the present journal with every key given.
    #[must_use]
    pub fn sign(state: &State, journal: [u8; 32], keys: &[Signatory]) -> Self {
        let mut checkpoint = Self {
            seq: state.seq,
            at: state.at,
            date: state.day.date,
            state: state.digest(),
            journal,
            signatures: Vec::new(),
        };
        let signed = checkpoint.signed_bytes();
        checkpoint.signatures =
            keys.iter().map(|signatory| (signatory.authority, signatory.key.sign(&signed).to_bytes())).collect();
        checkpoint
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let mut out = CONTEXT.to_vec();
        self.put_body(&mut out);
        out
    }

    fn put_body(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        self.seq.put(out);
        self.at.put(out);
        self.date.put(out);
        self.state.put(out);
        self.journal.put(out);
    }

    /// The checkpoint's bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        self.put_body(out);
        u32::try_from(self.signatures.len()).expect("fewer signatures than authorities").put(out);
        for (authority, signature) in &self.signatures {
            authority.put(out);
            out.extend_from_slice(signature);
        }
    }

    /// Reads a checkpoint.
    ///
    /// # Errors
    /// When the bytes are not one.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut source = Source::new(bytes);
        if u8::take(&mut source)? != VERSION {
            return Err(source.malformed("checkpoint format version 1"));
        }
        let mut checkpoint = Self {
            seq: Wire::take(&mut source)?,
            at: Wire::take(&mut source)?,
            date: Wire::take(&mut source)?,
            state: Wire::take(&mut source)?,
            journal: Wire::take(&mut source)?,
            signatures: Vec::new(),
        };
        for _ in 0..u32::take(&mut source)? {
            let authority = AuthorityId::take(&mut source)?;
            checkpoint.signatures.push((authority, source.array("a signature")?));
        }
        if source.left() != 0 {
            return Err(source.malformed("the end of the checkpoint"));
        }
        Ok(checkpoint)
    }

    /// Checks every signature with the public keys of the state, strictly (RFC 8032, no malleable ones).
    ///
    /// Returns who signed.
    ///
    /// # Errors
    /// A sentence that names the authority whose signature is wrong.
    pub fn check_signatures(&self, state: &State) -> Result<Vec<AuthorityId>, String> {
        let signed = self.signed_bytes();
        let mut by = Vec::new();
        for (authority, signature) in &self.signatures {
            let Some(known) = state.authorities.get(authority.at()) else {
                return Err(format!("signed by authority {} which does not exist", authority.0));
            };
            let key = VerifyingKey::from_bytes(&known.public_key)
                .map_err(|_| format!("the public key of {} is not an Ed25519 key", known.name))?;
            key.verify_strict(&signed, &Signature::from_bytes(signature))
                .map_err(|_| format!("the signature of {} does not fit", known.name))?;
            if by.contains(authority) {
                return Err(format!("{} signed twice", known.name));
            }
            by.push(*authority);
        }
        Ok(by)
    }
}
