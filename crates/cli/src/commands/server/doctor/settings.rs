//! The settings: whether their file can be read, and whether a secret in a file is one.

use super::super::Serve;
use super::check::Check;

/// Looks at the file with settings, and at every file that holds a secret.
pub(super) fn checks(serve: &Serve) -> Vec<Check> {
    let mut checks = vec![file(serve)];
    let exposed = serve.exposed_secrets().into_iter();
    checks.extend(exposed.map(|exposed| Check::warning("secret", exposed.what(), exposed.next())));
    checks
}

/// A file that cannot be read keeps the server from starting; the other checks then go by the flags, the
/// environment and the defaults.
fn file(serve: &Serve) -> Check {
    match serve.file() {
        Ok(Some(file)) => Check::ok("settings", format!("`{}` is read", file.path.display())),
        Ok(None) => Check::ok("settings", "no file with settings: flags, environment and defaults"),
        Err(failure) => {
            let what = format!("{failure}; what follows goes by flags, environment and defaults");
            Check::problem("settings", what, "mend that line: the server does not start like this")
        }
    }
}
