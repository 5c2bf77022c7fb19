//! What surrounds every page: where one is, who one is, and what else there is.

use countersign_domain::identity::Right;

use super::assets;
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
    /// People and groups.
    People,
    /// Keys.
    Keys,
    /// Webhooks.
    Webhooks,
    /// Settings.
    Settings,
    /// The viewer's own account.
    Account,
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
    /// What else there is for them, in two groups.
    pub(crate) work: Vec<Entry>,
    /// The second group.
    pub(crate) organization: Vec<Entry>,
}

/// Every entry: section, address, name, icon, whether it stands at the foot of a phone, and who may go there.
const WORK: &[(Section, &str, &str, &str, bool, Right)] = &[
    (Section::Inbox, "/approvals", "Inbox", "inbox", true, Right::Read),
    (Section::Figures, "/approvals/stats", "Statistics", "chart", true, Right::Read),
    (Section::Agents, "/agents", "Agents", "agent", true, Right::Read),
    (Section::Record, "/audit", "Record", "record", true, Right::Audit),
];

/// The same for what an organization consists of.
const ORGANIZATION: &[(Section, &str, &str, &str, bool, Right)] = &[
    (Section::People, "/people", "People", "people", false, Right::Read),
    (Section::Keys, "/keys", "Keys", "key", false, Right::Administer),
    (Section::Webhooks, "/webhooks", "Webhooks", "webhook", false, Right::Administer),
    (Section::Settings, "/settings", "Settings", "settings", false, Right::Read),
];

impl Frame {
    /// What surrounds a page for this viewer.
    pub(crate) fn new(viewer: &Viewer, section: Section, title: impl Into<String>) -> Self {
        let person = &viewer.person.person;
        let entries =
            |list: &[(Section, &'static str, &'static str, &'static str, bool, Right)]| {
                let allowed = list.iter().filter(|(.., right)| person.role.may(*right));
                allowed
                    .map(|(of, href, label, icon, on_phone, _)| Entry {
                        href,
                        label,
                        icon: Icon(icon),
                        current: *of == section,
                        on_phone: *on_phone,
                    })
                    .collect()
            };
        Self {
            title: title.into(),
            assets: &assets::BASE,
            email: person.email.to_string(),
            role: person.role.to_string(),
            csrf: viewer.csrf.clone(),
            work: entries(WORK),
            organization: entries(ORGANIZATION),
        }
    }
}
