//! The SSE encoder.
