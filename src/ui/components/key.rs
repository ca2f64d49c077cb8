//! The drawing of a key derived from a client's id: helps recognition, never the only identifier.

use leptos::prelude::*;

/// The y coordinate of each depth of a cut, shallow to deep.
const DEPTHS: [&str; 4] = ["9.4", "10.6", "11.7", "12.8"];

/// The x coordinates at which each cut's flat begins and ends.
const POSITIONS: [(&str, &str); 5] = [
    ("11.7", "13.3"),
    ("14.7", "16.3"),
    ("17.7", "19.3"),
    ("20.7", "22.3"),
    ("23.7", "25.3"),
];

/// A key with five cuts, each 0 to 3, from [`ClientId::cuts`](crate::domain::client::ClientId::cuts).
#[component]
pub fn DrawnKey(
    /// The cuts.
    cuts: [u8; 5],
) -> impl IntoView {
    view! {
        <svg class="key" viewBox="0 0 28 16" aria-hidden="true">
            <path fill-rule="evenodd" d=outline(cuts)></path>
        </svg>
    }
}

/// The key on a coloured background, for a page header.
#[component]
pub fn KeyTile(
    /// The cuts.
    cuts: [u8; 5],
    /// Whether it opens nothing any more.
    is_gone: bool,
) -> impl IntoView {
    view! {
        <span class="key-tile" class:gone=is_gone>
            <DrawnKey cuts/>
        </span>
    }
}

fn outline(cuts: [u8; 5]) -> String {
    let mut path = String::with_capacity(160);
    push_outline(&mut path, cuts);
    path
}

/// Appends the path of a key.
pub fn push_outline(path: &mut String, cuts: [u8; 5]) {
    path.push_str("M9.6 6.5A5 5 0 1 0 9.6 9.5H11");
    for ((from, to), cut) in POSITIONS.into_iter().zip(cuts) {
        let depth = DEPTHS[usize::from(cut % 4)];
        for part in ["L", from, " ", depth, "H", to] {
            path.push_str(part);
        }
    }
    path.push_str("L26.0 9.5L27.5 8 26 6.5ZM4 9.4a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8Z");
}

#[cfg(test)]
mod tests {
    use super::outline;
    use crate::domain::client::ClientId;

    #[test]
    fn the_drawing_follows_the_id() {
        let id = ClientId::parse("id_7Qm2xVd9LrKp-t4W").unwrap();
        assert_eq!(
            outline(id.cuts()),
            "M9.6 6.5A5 5 0 1 0 9.6 9.5H11L11.7 9.4H13.3L14.7 12.8H16.3L17.7 11.7H19.3L20.7 9.4H22.3L23.7 10.6H25.3\
             L26.0 9.5L27.5 8 26 6.5ZM4 9.4a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8Z"
        );
    }
}
