//! Messages to commands and events to messages.
