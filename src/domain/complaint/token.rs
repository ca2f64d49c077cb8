//! Complaints about tokens.

use serde::{Deserialize, Serialize};

complaints! {
    /// What is wrong with a token that an administrator has in hand.
    TokenComplaint {
        /// A text is no token that this server issued.
        TokenUnreadable = "token_unreadable",
        /// A form names a token that it was not given for.
        TokenHandleUnknown = "token_handle_unknown",
    }
}
