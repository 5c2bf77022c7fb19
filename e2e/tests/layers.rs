//! Who may depend on whom, and how large a file and a folder may be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// The layers: each crate, and those of ours that it may know.
const LAYERS: &[(&str, &[&str])] = &[
    ("countersign-domain", &[]),
    ("countersign-wire", &["countersign-domain"]),
    ("countersign-store", &["countersign-domain"]),
    ("countersign-client", &["countersign-wire", "countersign-domain"]),
    ("countersign-server", &["countersign-store", "countersign-wire", "countersign-domain"]),
    (
        "countersign",
        &["countersign-server", "countersign-client", "countersign-wire", "countersign-domain"],
    ),
];

/// All that the rules are made of: no runtime, no SQL, no HTTP.
const DOMAIN: &[&str] = &[
    "base64",
    "biscuit-auth",
    "cel",
    "hex",
    "hmac",
    "icu_normalizer",
    "jiff",
    "jsonschema",
    "rust_decimal",
    "saphyr-parser",
    "schemars",
    "serde",
    "serde_json",
    "sha2",
    "strsim",
    "thiserror",
    "ulid",
    "unicode-properties",
    "url",
];

/// All that the JSON types are made of.
const WIRE: &[&str] =
    &["countersign-domain", "jiff", "rust_decimal", "serde", "serde_json", "thiserror", "utoipa"];

/// Libraries that only these crates of the program may know; in the server only `delivery::egress` does.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("rusqlite", &["countersign-store"]),
    ("reqwest", &["countersign-client", "countersign-server"]),
];

/// The most lines of a file, without its tests.
const LINES: usize = 400;
/// The most Rust files of a folder.
const FILES: usize = 9;

/// Files that are larger than they should be, and how large they may be until they are divided.
const LARGE_FILES: &[(&str, usize)] = &[];
/// Folders that hold more than they should, and how much they may hold until they are divided.
const LARGE_FOLDERS: &[(&str, usize)] = &[
    ("crates/cli/src/commands/policy", 12),
    ("crates/domain/src/policy", 13),
    ("crates/server/src/api", 15),
    ("crates/server/src/api/approvals", 10),
    ("crates/server/src/app", 14),
    ("crates/server/src/http", 10),
    ("crates/server/src/tests", 14),
    ("crates/store/src/conformance", 11),
    ("crates/store/src/sqlite/tables/configuration", 10),
    ("crates/wire/src", 14),
];

#[test]
fn nothing_depends_against_the_direction() {
    let metadata = metadata();
    for package in program(&metadata) {
        let layer = LAYERS.iter().find(|(name, _)| *name == package.name.as_str());
        let (_, allowed) = layer.unwrap_or_else(|| panic!("{} has no layer", package.name));
        let ours = package.dependencies.iter().map(|dependency| dependency.name.as_str());
        for name in ours.filter(|name| LAYERS.iter().any(|(layer, _)| layer == name)) {
            assert!(allowed.contains(&name), "{} depends on {name}", package.name);
        }
    }
}

#[test]
fn the_rules_and_the_json_types_depend_on_little() {
    let metadata = metadata();
    for (name, allowed) in [("countersign-domain", DOMAIN), ("countersign-wire", WIRE)] {
        let package = program(&metadata).find(|package| package.name == name).expect("the crate");
        let known: BTreeSet<_> = shipped(package).collect();
        let new: Vec<_> = known.iter().filter(|name| !allowed.contains(name)).collect();
        assert!(new.is_empty(), "{name} depends on {new:?} as well");
        let gone: Vec<_> = allowed.iter().filter(|name| !known.contains(**name)).collect();
        assert!(gone.is_empty(), "{name} no longer depends on {gone:?}: take it from the list");
    }
}

#[test]
fn sql_is_known_in_the_store_only_and_outgoing_http_where_it_leaves() {
    let metadata = metadata();
    for (library, home) in ONLY_IN {
        let users: Vec<_> = program(&metadata)
            .filter(|package| package.dependencies.iter().any(|d| d.name == *library))
            .map(|package| package.name.as_str())
            .collect();
        assert_eq!(users, *home, "{library}");
    }
}

#[test]
fn no_file_is_too_large() {
    let sizes = rust_files().into_iter().map(|name| {
        let text = std::fs::read_to_string(root().join(&name)).expect("a readable file");
        let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
        (name, text[..end].lines().count())
    });
    assert_sizes(sizes.collect(), LINES, LARGE_FILES, "lines");
}

#[test]
fn no_folder_holds_too_much() {
    let mut sizes = BTreeMap::new();
    for name in rust_files() {
        let folder = name.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        *sizes.entry(folder.unwrap_or_default()).or_insert(0) += 1;
    }
    assert_sizes(sizes, FILES, LARGE_FOLDERS, "Rust files");
}

/// Nothing is larger than `most`, except what is on the list; and that does not grow, and leaves the list
/// once it is small enough.
fn assert_sizes(sizes: BTreeMap<String, usize>, most: usize, large: &[(&str, usize)], unit: &str) {
    let listed = |name: &str| large.iter().find(|(known, _)| *known == name).map(|(_, size)| *size);
    for (name, _) in large {
        let size = sizes.get(*name).copied().unwrap_or_default();
        assert!(size > most, "{name} has {size} {unit}: take it from the list");
    }
    let too_large: Vec<_> = sizes
        .into_iter()
        .filter(|(name, size)| *size > listed(name).unwrap_or(most))
        .map(|(name, size)| format!("{name}: {size}"))
        .collect();
    assert!(too_large.is_empty(), "more than {most} {unit}; divide it: {too_large:#?}");
}

fn metadata() -> Metadata {
    MetadataCommand::new().no_deps().exec().expect("cargo knows this workspace")
}

/// The crates of the program; the crates of its tests may know more.
fn program(metadata: &Metadata) -> impl Iterator<Item = &Package> {
    let crates = metadata.workspace_root.join("crates");
    metadata.packages.iter().filter(move |package| package.manifest_path.starts_with(&crates))
}

/// What a crate depends on outside its tests.
fn shipped(package: &Package) -> impl Iterator<Item = &str> {
    let normal = package.dependencies.iter().filter(|d| d.kind != DependencyKind::Development);
    normal.map(|dependency| dependency.name.as_str())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file of the workspace, by its path in the repository.
fn rust_files() -> Vec<String> {
    let mut found = Vec::new();
    for top in ["crates", "e2e", "xtask"] {
        collect(&root().join(top), top, &mut found);
    }
    assert!(found.len() > 200, "the walk has to see every file, not {}", found.len());
    found
}

fn collect(dir: &Path, prefix: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).expect("a readable folder") {
        let entry = entry.expect("a readable entry");
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&entry.path(), &name, found);
        } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
            found.push(name);
        }
    }
}
