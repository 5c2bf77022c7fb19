//! Who may depend on whom, and how large a file and a folder may be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The crates of the program by name, each with what it depends on.
type Program = BTreeMap<String, Vec<Dependency>>;

/// What a crate depends on.
struct Dependency {
    name: String,
    /// Only its tests do.
    in_tests: bool,
}

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
    "foldhash",
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
    for (package, dependencies) in program() {
        let layer = LAYERS.iter().find(|(name, _)| *name == package);
        let (_, allowed) = layer.unwrap_or_else(|| panic!("{package} has no layer"));
        let ours = dependencies.iter().map(|dependency| dependency.name.as_str());
        for name in ours.filter(|name| LAYERS.iter().any(|(layer, _)| layer == name)) {
            assert!(allowed.contains(&name), "{package} depends on {name}");
        }
    }
}

#[test]
fn the_rules_and_the_json_types_depend_on_little() {
    let program = program();
    for (name, allowed) in [("countersign-domain", DOMAIN), ("countersign-wire", WIRE)] {
        let dependencies = program.get(name).expect("the crate");
        let shipped = dependencies.iter().filter(|dependency| !dependency.in_tests);
        let known: BTreeSet<_> = shipped.map(|dependency| dependency.name.as_str()).collect();
        let new: Vec<_> = known.iter().filter(|name| !allowed.contains(name)).collect();
        assert!(new.is_empty(), "{name} depends on {new:?} as well");
        let gone: Vec<_> = allowed.iter().filter(|name| !known.contains(**name)).collect();
        assert!(gone.is_empty(), "{name} no longer depends on {gone:?}: take it from the list");
    }
}

#[test]
fn sql_is_known_in_the_store_only_and_outgoing_http_where_it_leaves() {
    let program = program();
    for (library, home) in ONLY_IN {
        let users: Vec<_> = program
            .iter()
            .filter(|(_, dependencies)| dependencies.iter().any(|d| d.name == *library))
            .map(|(package, _)| package.as_str())
            .collect();
        assert_eq!(users, *home, "{library}");
    }
}

/// Otherwise what runs would differ from what was tested, and everything would be compiled twice.
#[test]
fn the_program_is_tested_with_the_features_that_it_has() {
    let built = features(&["tree", "-p", "countersign", "-e", "normal"]);
    let tested = features(&["tree", "--workspace", "-e", "normal,dev"]);
    let differ: Vec<_> =
        built.iter().filter(|(name, own)| tested.get(*name) != Some(own)).collect();
    assert!(built.len() > 100 && differ.is_empty(), "other features in tests: {differ:#?}");
}

/// The features of each library that a command of cargo names.
fn features(words: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let tree = cargo(&[words, &["--prefix", "none", "--format", "{p}\t{f}"]].concat());
    let mut features = BTreeMap::<_, BTreeSet<_>>::new();
    for (name, list) in tree.lines().filter_map(|line| line.split_once('\t')) {
        let list = list.trim_end_matches(" (*)").split(',').map(str::to_owned);
        features.entry(name.to_owned()).or_default().extend(list);
    }
    features
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

/// What `cargo metadata` says of the crates in `crates/`; the crates of its tests may know more.
fn program() -> Program {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo says it in JSON");
    let crates = root().join("crates").canonicalize().expect("the crates").display().to_string();
    let packages = metadata["packages"].as_array().expect("packages").iter();
    let ours = packages.filter(|package| {
        package["manifest_path"].as_str().is_some_and(|p| p.starts_with(&crates))
    });
    ours.map(|package| (text(&package["name"]), dependencies(package))).collect()
}

fn dependencies(package: &Value) -> Vec<Dependency> {
    let all = package["dependencies"].as_array().expect("dependencies").iter();
    let one = |it: &Value| Dependency { name: text(&it["name"]), in_tests: it["kind"] == "dev" };
    all.map(one).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn cargo(words: &[&str]) -> String {
    let output = Command::new("cargo").args(words).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
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
