//! What the documents say is so: their paths and links lead somewhere, and their commands do what they show.
//!
//! A fence `sh` is run; a fence `text` right after it is what it prints; every other `text` is not run. See
//! `CONTRIBUTING.md`.

mod markdown;
mod mask;
mod source;
mod story;

use std::collections::BTreeSet;
use std::path::Path;

use markdown::Page;

#[test]
fn every_path_that_contributors_are_sent_to_exists() {
    let root = source::root();
    for name in source::for_contributors() {
        let page = Page::read(&name);
        let paths: Vec<_> =
            page.code_spans().into_iter().filter(|span| source::is_path(span)).collect();
        let missing: Vec<_> =
            paths.iter().filter(|path| !root.join(path.trim_end_matches('/')).exists()).collect();
        assert!(missing.is_empty(), "{name} names what is not there: {missing:?}");
    }
}

#[test]
fn every_name_that_contributors_are_sent_to_exists() {
    let sources = source::rust();
    for name in source::for_contributors() {
        let page = Page::read(&name);
        let names: Vec<_> =
            page.code_spans().into_iter().filter(|span| source::is_name(span)).collect();
        let unknown: Vec<_> =
            names.iter().filter(|name| !source::declares(&sources, name)).collect();
        assert!(unknown.is_empty(), "{name} names what is not declared: {unknown:?}");
    }
}

#[test]
fn the_code_map_names_every_folder() {
    let named: BTreeSet<_> = Page::read("ARCHITECTURE.md").code_spans().into_iter().collect();
    let unnamed: Vec<_> =
        source::folders().into_iter().filter(|folder| !named.contains(folder)).collect();
    assert!(unnamed.is_empty(), "the code map leaves out {unnamed:?}");
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut broken = Vec::new();
    for name in source::markdown() {
        let page = Page::read(&name);
        for link in page.links() {
            if !leads_somewhere(&name, &page, &link) {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

fn leads_somewhere(name: &str, page: &Page, link: &str) -> bool {
    if link.contains("://") || link.starts_with("mailto:") {
        return true;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    if path.is_empty() {
        return page.has_anchor(anchor);
    }
    let target = Path::new(name).parent().unwrap_or(Path::new("")).join(path);
    let exists = source::root().join(&target).exists();
    exists && (anchor.is_empty() || Page::read(&target.display().to_string()).has_anchor(anchor))
}

#[tokio::test]
async fn the_readme_does_what_it_shows() {
    let untrue = story::untrue("README.md").await;
    assert!(untrue.is_empty(), "{}", untrue.join("\n\n"));
}

#[tokio::test]
async fn every_guide_does_what_it_shows() {
    let guides = source::markdown().into_iter().filter(|name| name.starts_with("docs/guide/"));
    let mut untrue = Vec::new();
    for guide in guides {
        untrue.extend(story::untrue(&guide).await);
    }
    assert!(untrue.is_empty(), "{}", untrue.join("\n\n"));
}
