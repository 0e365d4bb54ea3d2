//! Names of parties as dense numbers, in the order they are met.

use std::collections::HashMap;
use std::sync::Arc;

/// Bytes of a name at most.
const NAME_BYTES_MAX: usize = 256;

/// Names and their numbers. The table is for look-up only; order is that of first appearance.
#[derive(Debug, Default)]
pub(crate) struct Names {
    numbers: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
}

impl Names {
    /// The number of a name, a new one if it was not met before. `Err` is the end of a sentence.
    pub(super) fn intern(&mut self, name: &str) -> Result<u32, String> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        if name.is_empty() {
            return Err("is empty".into());
        }
        if name.len() > NAME_BYTES_MAX {
            return Err(format!("has {} bytes, above the limit of {NAME_BYTES_MAX}", name.len()));
        }
        if name.chars().any(char::is_control) {
            return Err("holds a control character".into());
        }
        let number = u32::try_from(self.names.len()).map_err(|_| "is one name too many".to_string())?;
        if self.names.len() >= comity_clearing::setoff::PARTY_COUNT_MAX {
            return Err(format!("exceeds the limit of {} parties", comity_clearing::setoff::PARTY_COUNT_MAX));
        }
        let shared: Arc<str> = name.into();
        self.names.push(Arc::clone(&shared));
        self.numbers.insert(shared, number);
        Ok(number)
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    pub(crate) fn of(&self, number: u32) -> &str {
        &self.names[index(number)]
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }
}

/// A number as a position.
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).expect("32 bits fit a position")
}
