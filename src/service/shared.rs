//! What the console and the token server share, made once.

use std::sync::Arc;

use crate::service::answer_times::AnswerTimes;
use crate::service::auth::throttle::Throttle;
use crate::service::clock::{Clock, Random};
use crate::service::crypto::keyring::{Keys, StartError};
use crate::service::crypto::master_key::MasterKey;
use crate::service::directory::Directory;
use crate::service::settings::Settings;
use crate::store::Store;

/// Shared handles.
#[derive(Debug)]
pub(in crate::service) struct Shared {
    pub(in crate::service) store: Store,
    pub(in crate::service) clock: Clock,
    pub(in crate::service) random: Random,
    pub(in crate::service) settings: Settings,
    pub(in crate::service) keys: Arc<Keys>,
    pub(in crate::service) directory: Arc<Directory>,
    pub(in crate::service) throttle: Arc<Throttle>,
    pub(in crate::service) answer_times: AnswerTimes,
}

impl Shared {
    /// Loads the keys, which are made when missing.
    ///
    /// # Errors
    /// [`StartError`].
    pub(in crate::service) async fn load(
        store: Store,
        master: &MasterKey,
        settings: Settings,
        clock: Clock,
        random: Random,
    ) -> Result<Self, StartError> {
        let keys = Arc::new(Keys::load_or_make(&store, master, &clock, &random).await?);
        let directory = Arc::new(Directory::new(
            store.clone(),
            Arc::clone(&keys),
            &settings.catalog,
            settings.issuer.authority.host.clone(),
        ));
        Ok(Self {
            store,
            throttle: Arc::new(Throttle::new(clock.clone())),
            clock,
            random,
            settings,
            keys,
            directory,
            answer_times: AnswerTimes::new(),
        })
    }
}
