//! The components of pages, each with the stylesheet of the same name.

pub mod api_reference;
pub mod audit_entry;
pub mod audit_log;
pub mod badges;
pub mod button;
pub mod catalog;
pub mod choice;
pub mod credentials;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod frame;
pub mod icon;
pub mod key;
pub mod notice;
pub mod pager;
pub mod palette;
pub mod part;
pub mod permission;
pub mod plot;
pub mod public_layout;
pub mod sparkline;
pub mod table;
