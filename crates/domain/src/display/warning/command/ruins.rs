//! Commands of single programs that take away what nobody can bring back, and files that hold what lets somebody in.

use super::segment::Segment;
use super::{Does, is_prose};

/// Where keys and passwords are kept.
const SECRETS: &[&str] = &[
    ".aws/credentials",
    ".ssh/id_",
    "/etc/shadow",
    ".kube/config",
    ".docker/config.json",
    ".config/gcloud/",
    ".git-credentials",
    ".gnupg/",
    ".pgpass",
    ".netrc",
    ".vault-token",
    "/proc/self/environ",
];

/// Whether a program is told to destroy something, and not to ask.
pub(super) fn destroys(segment: &Segment<'_>) -> bool {
    let arguments = segment.arguments();
    let has = |known: &str| arguments.iter().any(|word| word == known);
    let begins = |known: &[&str]| {
        let plain = arguments.iter().filter(|word| !word.starts_with('-'));
        known.iter().all(|known| plain.clone().any(|word| word == known))
    };
    match segment.program() {
        Some("terraform" | "tofu" | "terragrunt") => {
            let is_told = arguments.iter().any(|word| word.contains("auto-approve"));
            is_told && (has("destroy") || has("-destroy"))
        }
        Some("pulumi") => has("destroy") && (has("--yes") || has("-y")),
        Some("aws") => {
            (begins(&["s3", "rm"]) && has("--recursive"))
                || (begins(&["s3", "rb"]) && has("--force"))
        }
        Some("gsutil") => has("rm") && (has("-r") || has("-rf")),
        Some("kubectl") => {
            let is_large = ["ns", "namespace", "namespaces", "--all", "-a"];
            has("delete") && is_large.iter().any(|word| has(word))
        }
        Some("dropdb") => !arguments.is_empty(),
        Some(_) | None => false,
    }
}

/// Whether what others have is overwritten: `git push --force`, and not `--force-with-lease`, which looks first.
pub(super) fn forces(all: &[Segment<'_>]) -> Option<Does> {
    let is = |segment: &Segment<'_>| {
        let arguments = segment.arguments();
        let has = |known: &str| arguments.iter().any(|word| word == known);
        let is_forced = has("--force") || has("-f") || has("--mirror");
        let is_marked =
            || arguments.iter().skip(1).any(|word| word.starts_with('+') && word.len() > 1);
        segment.program() == Some("git") && has("push") && (is_forced || is_marked())
    };
    all.iter().any(is).then_some(Does::Overwrites)
}

/// Whether a text names such a file; what people read may speak of one.
pub(super) fn names_secrets(name: &str, text: &str) -> bool {
    let is_one_word = !text.trim().contains(char::is_whitespace);
    let names = |text: &str| {
        let text = text.replace('\\', "/");
        SECRETS.iter().any(|known| text.contains(known)) && !text.contains(".pub")
    };
    (is_one_word || !is_prose(name)) && names(text)
}
