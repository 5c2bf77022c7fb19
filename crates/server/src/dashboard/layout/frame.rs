//! What surrounds every page: where one is, who one is, and what else there is.

use countersign_domain::identity::Right;

use super::assets;
use super::frozen::Frozen;
use super::parts::Icon;
use crate::dashboard::session::Viewer;

/// The part of the dashboard that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// Requests that wait for people, and those that did.
    Inbox,
    /// Figures.
    Figures,
    /// Agents and what they may do.
    Agents,
    /// The record.
    Record,
    /// Policy documents.
    Policies,
    /// Limits, and how they stand.
    Budgets,
    /// Automatic yeses.
    Grants,
    /// What agents use.
    Tools,
    /// People.
    People,
    /// Groups of people.
    Groups,
    /// Keys.
    Keys,
    /// Webhooks.
    Webhooks,
    /// Settings.
    Settings,
    /// What is one's own: password, passkeys, sessions, tokens.
    Account,
    /// What is frozen.
    Freezes,
    /// All pages.
    Menu,
}

/// One entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Where it leads.
    pub(crate) href: &'static str,
    /// What it is called.
    pub(crate) label: &'static str,
    /// What stands before it.
    pub(crate) icon: Icon,
    /// Whether one is there.
    pub(crate) current: bool,
    /// Whether it has a place at the foot of a phone.
    pub(crate) on_phone: bool,
}

/// What surrounds a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    /// What the page is called.
    pub(crate) title: String,
    /// Where style sheet and scripts are.
    pub(crate) assets: &'static str,
    /// The address of who looks.
    pub(crate) email: String,
    /// What they may do.
    pub(crate) role: String,
    /// What their forms carry.
    pub(crate) csrf: String,
    /// What those of them carry that make something each time.
    pub(crate) once: String,
    /// What else there is for them, in groups with a name each.
    pub(crate) places: Vec<(&'static str, Vec<Entry>)>,
    /// What is frozen.
    pub(crate) frozen: Vec<Frozen>,
    /// Whether they may freeze things.
    pub(crate) may_freeze: bool,
}

/// A place of the navigation: section, address, name, icon, whether it stands at the foot of a phone, and who
/// may go there.
type Place = (Section, &'static str, &'static str, &'static str, bool, Right);

/// Every place.
const PLACES: &[(&str, &[Place])] = &[
    (
        "Work",
        &[
            (Section::Inbox, "/approvals", "Inbox", "inbox", true, Right::Read),
            (Section::Figures, "/approvals/stats", "Statistics", "chart", true, Right::Read),
            (Section::Agents, "/agents", "Agents", "agent", true, Right::Read),
            (Section::Record, "/audit", "Record", "record", true, Right::Audit),
        ],
    ),
    (
        "Rules",
        &[
            (Section::Policies, "/policies", "Policies", "policy", false, Right::Read),
            (Section::Budgets, "/budgets", "Budgets", "budget", false, Right::Read),
            (Section::Grants, "/grants", "Grants", "grant", false, Right::Read),
            (Section::Tools, "/tools", "Tools", "tool", false, Right::Read),
        ],
    ),
    (
        "Organization",
        &[
            (Section::People, "/people", "People", "people", false, Right::Read),
            (Section::Groups, "/groups", "Groups", "group", false, Right::Read),
            (Section::Keys, "/keys", "Keys", "key", false, Right::Administer),
            (Section::Webhooks, "/webhooks", "Webhooks", "webhook", false, Right::Administer),
            (Section::Settings, "/settings", "Settings", "settings", false, Right::Read),
        ],
    ),
];

impl Frame {
    /// What surrounds a page for this viewer.
    pub(crate) fn new(viewer: &Viewer, section: Section, title: impl Into<String>) -> Self {
        let person = &viewer.person.person;
        let entry = |(of, href, label, icon, on_phone, _): &Place| Entry {
            href,
            label,
            icon: Icon(icon),
            current: *of == section,
            on_phone: *on_phone,
        };
        let entries = |places: &[Place]| {
            places.iter().filter(|(.., right)| person.role.may(*right)).map(entry).collect()
        };
        Self {
            title: title.into(),
            assets: &assets::BASE,
            email: person.email.to_string(),
            role: person.role.to_string(),
            csrf: viewer.csrf.clone(),
            once: viewer.once.clone(),
            places: PLACES.iter().map(|(name, places)| (*name, entries(places))).collect(),
            frozen: Frozen::all(&viewer.person.snapshot),
            may_freeze: person.role.may(Right::Answer),
        }
    }
}
