//! Settlement rules of Comity: one state, one order, one atomic apply.
