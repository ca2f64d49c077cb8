//! The catalogue, and who has what is in it.

use std::collections::HashMap;

use crate::domain::count::Count;
use crate::domain::error::Error;
use crate::domain::rights::Right;
use crate::domain::view::{CatalogPage, HeldByClients, PermissionHolders};
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::store::{Holding, Tx};

/// How many names are read that clients hold. A catalogue has fewer.
const NAMES: i64 = 5_000;

impl Console {
    /// The catalogue with the number of clients that have each scope and hold each permission, and the permissions that
    /// clients still hold although it does not have them.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unavailable`].
    pub async fn show_catalog(&self, actor: &Actor) -> Result<CatalogPage, Error> {
        actor.require(Right::ReadDirectory)?;
        let catalog = self.0.settings.catalog.clone();
        let mut tx = self.read().await?;
        let scopes = catalog.scopes.iter().map(|scope| scope.name.clone());
        let scopes = count(&mut tx, Holding::Scopes, scopes.collect()).await?;
        let held = tx.list_held_permissions(NAMES).await?;
        let (known, retired): (Vec<String>, Vec<String>) = held
            .into_iter()
            .partition(|name| catalog.permission(name).is_some());
        let permissions = count(&mut tx, Holding::Permissions, known).await?;
        let retired = count(&mut tx, Holding::Permissions, retired).await?;
        // What only revoked clients hold needs nobody's attention.
        let mut retired: Vec<PermissionHolders> = retired
            .into_iter()
            .filter(|(_, clients)| !clients.is_none())
            .map(|(permission, clients)| PermissionHolders {
                permission,
                clients,
            })
            .collect();
        retired.sort_by(|one, other| one.permission.cmp(&other.permission));
        Ok(CatalogPage {
            catalog,
            held: HeldByClients {
                scopes,
                permissions,
            },
            retired,
        })
    }
}

async fn count(
    tx: &mut Tx,
    holding: Holding,
    names: Vec<String>,
) -> Result<HashMap<String, Count>, Error> {
    let mut counts = HashMap::with_capacity(names.len());
    // As many parameters as any engine takes in one statement.
    for names in names.chunks(500) {
        let counted = tx.count_holders(holding, names).await?;
        counts.extend(names.iter().cloned().zip(counted));
    }
    Ok(counts)
}
