//! The rulebook: every rule of the ledger as a short story with its answers inline.
//!
//! One test is one rule. A story line has the order on the left and the answer on the right of `=>`; answers are
//! generated (`UPDATE_EXPECT=1`) and reviewed like law. After every line all invariants are checked, at the end of a
//! story the state's bytes are read back and the journal is replayed. `RULEBOOK.md` is rendered from these files.

mod book;
mod broken;
mod broken_deal;
mod broken_union;
mod bytes;
mod carry;
mod laws;
mod naive;
mod naive_deal;
mod r01_queue;
mod r02_offset;
mod r03_day;
mod r04_limit;
mod r05_hold;
mod r06_issue;
mod r07_convert;
mod r08_return;
mod r09_eyes;
mod r10_again;
mod r11_stop;
mod r12_cycle;
mod r13_order;
mod r14_plan;
mod r15_union;
mod r16_price;
mod r18_commit;
mod read;
mod read_deal;
mod rights;
mod story;
mod tell;
mod tell_deal;
mod text;
mod union_dice;
mod union_words;
mod world;
