//! What happens when a member cannot pay: what it may owe, what stands behind it, and who bears what is left.
//!
//! [`three`] holds an account against three limits after every booking, [`collateral`] says what pledged assets are worth, [`cap`]
//! how far a balance may go below zero on the strength of it, [`fund`] how large a common fund has to be. [`drill`] lets a member
//! default on paper: what is open is unwound, what is settled stays, the loss runs down [`waterfall`]. [`exit`] winds up a member
//! that leaves, [`concentration`] watches that nobody becomes indispensable, [`overnight`] what is kept over night. [`split`] is
//! the one way an amount is divided, to the minor unit.
//!
//! Deliberately absent: accounts and booking (the ledger), prices (they arrive as data), and any probability.

pub mod cap;
pub mod collateral;
pub mod concentration;
pub mod drill;
pub mod exit;
pub mod fund;
pub mod overnight;
pub mod split;
pub mod three;
pub mod waterfall;
