//! The proof of the journal: what may be lost (nothing acknowledged), what may be invented (nothing), what may go
//! unnoticed (nothing).

mod conforming;
mod damage;
mod disk;
mod faults;
mod folders;
mod format;
mod script;
mod snapshots;
mod story;
mod tails;
