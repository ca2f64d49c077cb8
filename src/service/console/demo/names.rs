//! Names for organizations and clients of a participation platform.

use super::draw::{pick, position};
use crate::domain::host::Host;
use crate::domain::organization::CheckedOrganization;

#[rustfmt::skip]
const TOWNS: [&str; 64] = [
    "Aarhus", "Almada", "Amiens", "Antwerp", "Barcelona", "Basel", "Bergen", "Bilbao", "Bologna", "Braga", "Bremen",
    "Brno", "Bruges", "Brussels", "Cascais", "Coimbra", "Cork", "Dresden", "Espoo", "Faro", "Florence", "Galway",
    "Geneva", "Ghent", "Girona", "Graz", "Grenoble", "Helsinki", "Innsbruck", "Kaunas", "Košice", "Lausanne", "León",
    "Liège", "Lille", "Linz", "Ljubljana", "Lugano", "Lyon", "Malmö", "Maribor", "Mataró", "Nantes", "Neuchâtel",
    "Odense", "Oulu", "Padua", "Parma", "Porto", "Poznań", "Rennes", "Reus", "Riga", "Rotterdam", "Sabadell",
    "Setúbal", "Tallinn", "Tampere", "Toulouse", "Turin", "Turku", "Utrecht", "Vilnius", "Zürich",
];

/// Kinds of organizations in a town: the name before the town's, the name after it, and what the host begins with.
const KINDS: [(&str, &str, &str); 16] = [
    ("City of ", "", "participate"),
    ("", " Participates", "decide"),
    ("", " Citizen Council", "council"),
    ("", " Region", "region"),
    ("", " Lab", "lab"),
    ("University of ", "", "university"),
    ("", " Youth Assembly", "youth"),
    ("Port of ", "", "port"),
    ("", " Mobility Board", "mobility"),
    ("", " Housing Cooperative", "housing"),
    ("", " Climate Assembly", "climate"),
    ("", " Libraries", "libraries"),
    ("", " Health District", "health"),
    ("", " Neighbourhoods", "neighbours"),
    ("", " Schools Board", "schools"),
    ("", " Culture Council", "culture"),
];

#[rustfmt::skip]
const TOPICS: [&str; 40] = [
    "Accessibility", "Air quality", "Archive", "Assembly", "Budget", "Childcare", "Climate plan", "Consultation",
    "Culture", "Cycling", "Debates", "Elections", "Energy", "Events", "Green spaces", "Heritage", "Housing",
    "Initiatives", "Libraries", "Markets", "Meetings", "Minutes", "Mobility", "Noise", "Open data", "Participation",
    "Parking", "Petitions", "Playgrounds", "Press", "Proposals", "Public works", "Recycling", "Road safety",
    "School meals", "Sports", "Surveys", "Town planning", "Voting results", "Water",
];

#[rustfmt::skip]
const PROGRAMS: [&str; 40] = [
    "app", "archiver", "bot", "bridge", "calendar", "chat assistant", "dashboard", "digest", "display", "export",
    "feed", "form filler", "forwarder", "gateway", "importer", "indexer", "integration", "kiosk", "letter writer",
    "map", "mirror", "mobile app", "monitor", "newsletter", "notifier", "planner", "portal", "publisher", "reader",
    "reminder", "report", "scanner", "screen", "sync", "ticker", "transcriber", "translator", "viewer", "warehouse",
    "widget",
];

#[rustfmt::skip]
const PARTIES: [&str; 24] = [
    "the archive", "the city council", "the civic lab", "the data office", "the district office", "the front desk",
    "the help desk", "the library", "the mayor’s office", "the mobile team", "the newsroom", "the ombudsman",
    "the planning department", "the press office", "the school board", "the secretariat", "the statistics office",
    "the town hall", "the translation service", "the university", "the web team", "the youth council", "volunteers",
    "visitors",
];

/// The organization at a position in the list. The kind changes once every town has one.
pub(super) fn organization(position: i64) -> CheckedOrganization {
    let position = usize::try_from(position).unwrap_or(0);
    let town = TOWNS[position * 29 % TOWNS.len()];
    let (before, after, label) = KINDS[position / TOWNS.len() % KINDS.len()];
    let host = town
        .is_ascii()
        .then(|| format!("{label}.{}.example", town.to_ascii_lowercase()));
    CheckedOrganization {
        name: format!("{before}{town}{after}"),
        host: host.map(Host::stored),
    }
}

/// The name of a client.
pub(super) fn client(seed: u64) -> String {
    let topic = TOPICS[position(seed, 10, TOPICS.len())];
    let program = PROGRAMS[position(seed, 11, PROGRAMS.len())];
    let party = PARTIES[position(seed, 12, PARTIES.len())];
    let town = TOWNS[position(seed, 13, TOWNS.len())];
    match pick(seed, 14, 10) {
        0..3 => format!("{topic} {program}"),
        3..6 => format!("{topic} {program} for {party}"),
        6..8 => format!("{topic} {program}, {town}"),
        8 => format!("{town} {} {program}", topic.to_lowercase()),
        _ => format!("{topic} {program} of {party}, {town}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::domain::client::check_name;
    use crate::domain::organization::NewOrganization;

    #[test]
    fn organizations_are_distinct_and_valid() {
        let made: Vec<_> = (0..1_000).map(organization).collect();
        let names: HashSet<&str> = made.iter().map(|made| made.name.as_str()).collect();
        assert_eq!(names.len(), 1_000);
        for made in made {
            let typed = NewOrganization {
                name: made.name.clone(),
                host: made
                    .host
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            };
            let main_host = Host::stored("localhost".to_owned());
            assert_eq!(typed.check(&main_host).unwrap(), made);
        }
    }

    #[test]
    fn clients_have_names_of_many_kinds() {
        let names: HashSet<String> = (0..1_000).map(client).collect();
        assert!(names.len() > 900, "{}", names.len());
        for name in names {
            check_name(&name).unwrap();
        }
    }
}
