//! Durable hash-chained journal of Comity.
