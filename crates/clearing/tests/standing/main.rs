//! The standing set against the solver: after every change of small random histories, and now and then in large ones.

mod history;
mod model;
mod refusals;
