//! SQLite: one file, one writer, many readers.
