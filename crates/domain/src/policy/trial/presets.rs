//! The policies to start from hold what their own tests say.

use std::fs;
use std::path::Path;

use super::super::document::parse::{Severity, SourceFile, read};
use super::super::document::plan::validate;
use super::Bench;

fn presets() -> Vec<SourceFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/policies");
    let mut files: Vec<SourceFile> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| SourceFile {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            text: fs::read_to_string(&path).unwrap(),
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

#[test]
fn every_preset_can_be_applied_and_does_what_its_tests_say() {
    let files = presets();
    assert_eq!(files.len(), 8);
    for file in files {
        let one = [file];
        let (_, problems) = validate(&one);
        let errors: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
        assert_eq!(errors, [] as [&_; 0]);
        let reading = read(&one);
        assert!(reading.tests.len() >= 3, "{}", one[0].name);
        let documents = reading.documents.iter().map(|written| written.document.clone()).collect();
        let bench = Bench::of(documents).unwrap();
        for test in &reading.tests {
            let tested = bench.test(test);
            let none: [String; 0] = [];
            let said = &tested.verdict;
            assert_eq!(tested.differs, none, "{}: {}: {said:#?}", one[0].name, tested.name);
        }
    }
}

#[test]
fn the_presets_can_be_applied_together() {
    let (documents, problems) = validate(&presets());
    let errors: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
    assert_eq!(errors, [] as [&_; 0]);
    assert!(documents > 20, "{documents}");
    let reading = read(&presets());
    let documents = reading.documents.iter().map(|written| written.document.clone()).collect();
    let bench = Bench::of(documents).unwrap();
    for tested in reading.tests.iter().map(|test| bench.test(test)) {
        assert_eq!(tested.differs, [] as [String; 0], "{}", tested.name);
    }
}
