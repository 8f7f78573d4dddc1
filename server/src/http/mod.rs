//! Connections: the accept loop, limits, CORS, the host check, the embedded dashboard.
