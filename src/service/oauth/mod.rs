//! The token path: OAuth 2.0 endpoints, rules only.

pub(in crate::service) mod authenticate;
pub(in crate::service) mod grants;
pub(in crate::service) mod introspect;
pub(in crate::service) mod readiness;
pub(in crate::service) mod usage;
