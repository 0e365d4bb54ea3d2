//! One node of Comity without the network: sequencer, codec, outbox, snapshots.
