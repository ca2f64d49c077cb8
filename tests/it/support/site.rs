//! The static files of the pages, as the binary passes them.

use claviger::http::console::assets::Site;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Files;

pub fn site() -> Site {
    Site::of::<Files>()
}
