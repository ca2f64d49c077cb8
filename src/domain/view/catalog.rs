//! The contents of the page of the catalogue.

use std::collections::HashMap;

use crate::domain::catalog::Catalog;
use crate::domain::count::Count;

/// The catalogue, and how many clients have what is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogPage {
    /// All scopes and permissions.
    pub catalog: Catalog,
    /// How many clients have each of them.
    pub held: HeldByClients,
    /// Permissions that clients hold although the catalogue does not have them, by name.
    pub retired: Vec<PermissionHolders>,
}

/// How many clients that are not revoked have each scope and permission, by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldByClients {
    /// Of each scope.
    pub scopes: HashMap<String, Count>,
    /// Of each permission.
    pub permissions: HashMap<String, Count>,
}

/// A permission, and how many clients that are not revoked hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionHolders {
    /// Its name.
    pub permission: String,
    /// How many clients hold it.
    pub clients: Count,
}
