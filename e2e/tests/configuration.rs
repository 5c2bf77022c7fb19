//! Where the options of a server come from.

use std::process::Command;

use countersign_e2e::{Output, binary, run};
use serde_json::Value;

/// What holds for a directory, with this environment.
fn explained(data: &str, more: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(binary());
    command.args(["config", "explain", "--json", "--data-dir", data]).args(more);
    let output = command.envs(environment.iter().copied()).output().unwrap();
    Output {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A value, and where it comes from.
fn setting(explained: &Output, name: &str) -> (String, String) {
    let all = explained.json()["settings"].as_array().unwrap().clone();
    let one = all.into_iter().find(|one| one["setting"] == name).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&one["value"]), text(&one["from"]))
}

#[test]
fn flag_environment_file_default_in_this_order() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data").display().to_string();
    let init = ["init", "--data-dir", &data, "--admin-email", "root@example.com"];
    assert_eq!(run("", "", &init).code, 0);
    let file = format!("{data}/countersign.toml");
    let sample = std::fs::read_to_string(&file).unwrap();
    assert!(sample.contains("# requests_per_second = 500"), "{sample}");

    let holds = |more: &[&str], environment: &[(&str, &str)]| {
        setting(&explained(&data, more, environment), "requests_per_second")
    };
    let environment = [("COUNTERSIGN_REQUESTS_PER_SECOND", "3")];
    let both = |value: &str, from: &str| (value.to_owned(), from.to_owned());
    assert_eq!(holds(&[], &[]), both("500", "default"));
    std::fs::write(&file, format!("{sample}\nrequests_per_second = 2\n")).unwrap();
    assert_eq!(holds(&[], &[]), both("2", "file"));
    assert_eq!(holds(&[], &environment), both("3", "environment"));
    assert_eq!(holds(&["--requests-per-second", "4"], &environment), both("4", "flag"));
    let other = dir.path().join("other.toml").display().to_string();
    std::fs::write(&other, "requests_per_second = 5").unwrap();
    let named = explained(&data, &["--config", &other], &[]);
    assert_eq!(setting(&named, "requests_per_second"), both("5", "file"));
    assert_eq!(named.json()["file"], other);
    assert_eq!(setting(&named, "public_url"), both("", "unset"));
}

#[test]
fn the_server_goes_by_the_file_and_refuses_a_mistake_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().display().to_string();
    let file = dir.path().join("countersign.toml");
    std::fs::write(&file, "# ours\nlisen = \"127.0.0.1:0\"\n").unwrap();
    let serve = ["serve", "--data-dir", &data];
    let refused = run("", "", &serve);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(
        refused
            .err
            .contains("countersign.toml:2:1: there is no setting `lisen`; `listen` may be meant")
    );
    // An address that nobody can listen on ends the server with its name.
    std::fs::write(&file, "listen = \"203.0.113.9:1\"\n").unwrap();
    let tried = run("", "", &serve);
    assert_eq!(tried.code, 1, "{tried:?}");
    assert!(tried.err.contains("cannot listen on `203.0.113.9:1`"), "{}", tried.err);
    let missing = run("", "", &["serve", "--data-dir", &data, "--config", "/nowhere.toml"]);
    assert_eq!((missing.code, missing.err.contains("/nowhere.toml")), (2, true), "{missing:?}");
}

#[test]
fn a_secret_is_said_to_be_set_and_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().display().to_string();
    let set = |from: &str| ("(set)".to_owned(), from.to_owned());
    let environment = [("COUNTERSIGN_OIDC_CLIENT_SECRET", "hush-hush")];
    let seen = explained(&data, &[], &environment);
    assert_eq!(setting(&seen, "oidc_client_secret"), set("environment"));
    std::fs::write(dir.path().join("countersign.toml"), "oidc_client_secret = \"hush-hush\"\n")
        .unwrap();
    let in_file = explained(&data, &[], &[]);
    assert_eq!(setting(&in_file, "oidc_client_secret"), set("file"));
    let help = explained(&data, &["--help"], &environment);
    for said in [&seen, &in_file, &help] {
        assert!(!said.out.contains("hush-hush") && !said.err.contains("hush-hush"), "{said:?}");
    }
}

#[test]
fn a_provider_that_is_half_set_up_keeps_the_server_from_starting() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().display().to_string();
    let issuer = "--oidc-issuer=https://login.example.com";
    for (more, says) in [
        (vec![issuer], "takes --oidc-client-id"),
        (vec!["--oidc-client-id=x"], "takes --oidc-issuer"),
        (
            vec![issuer, "--oidc-client-id=x", "--oidc-join=example.com=admin"],
            "nobody joins as an admin",
        ),
        (
            vec![issuer, "--oidc-client-id=x", "--oidc-email-domain=a@b"],
            "write it as `example.com`",
        ),
        (
            vec!["--oidc-issuer=http://login.example.com", "--oidc-client-id=x"],
            "has to be an `https` URL",
        ),
        (
            vec![issuer, "--oidc-client-id=x", "--oidc-client-secret-file=/nowhere"],
            "`/nowhere` cannot be read",
        ),
    ] {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--data-dir", &data];
        let refused = run("", "", &[serve.as_slice(), &more].concat());
        assert_ne!(refused.code, 0, "{more:?}");
        assert!(refused.err.contains(says), "{says}: {}", refused.err);
    }
}

/// Runs a server that is not to start; it has this in its environment. One that did would end at the address,
/// which nobody has.
fn refused(data: &str, more: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(binary());
    command.args(["serve", "--listen", "203.0.113.9:1", "--data-dir", data]).args(more);
    let output = command.envs(environment.iter().copied()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Output {
        code: output.status.code().unwrap_or(-1),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

#[test]
fn a_value_that_makes_no_sense_is_refused_with_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().display().to_string();
    for (option, value, says) in [
        ("public-url", "javascript:alert(1)", "only `http` and `https` lead to a server"),
        ("public-url", "https://ana:x@example.com", "must not carry a user name or password"),
        ("public-url", "https://example.com/?a=b", "nothing may stand behind `?` or `#`"),
        ("public-url", "https://example.com/#a", "nothing may stand behind `?` or `#`"),
        ("requests-per-second", "0", "0 is not in 1.."),
        ("session-idle", "12", "`12` is not"),
        ("keep-deliveries", "10 monkeys", "`10 monkeys` is not"),
        ("trusted-proxy", "localhost", "`localhost` is not a network"),
    ] {
        let flag = format!("--{option}={value}");
        let typed = refused(&data, &[&flag], &[]);
        assert_eq!(typed.code, 2, "{typed:?}");
        assert!(
            typed.err.contains(&format!("--{option}")) && typed.err.contains(says),
            "{typed:?}"
        );
        assert!(!typed.err.contains("environment"), "{}", typed.err);
        let variable = format!("COUNTERSIGN_{}", option.to_uppercase().replace('-', "_"));
        let set = refused(&data, &[], &[(&variable, value)]);
        assert_eq!(set.code, 2, "{set:?}");
        let named = format!("the value comes from the environment: {variable}");
        assert!(set.err.contains(&named) && set.err.contains(says), "{named}: {}", set.err);
    }
}

#[test]
fn how_a_command_is_typed_is_shown_without_what_stands_in_the_environment() {
    let shown = run("http://127.0.0.1:1", "csa_x", &["deny", "apr_1", "--resaon", "no"]);
    assert_eq!(shown.code, 2, "{shown:?}");
    assert!(shown.err.contains("Usage: countersign deny [OPTIONS]"), "{}", shown.err);
    assert!(!shown.err.contains("--url") && !shown.err.contains("--token"), "{}", shown.err);
}

#[test]
fn a_server_warns_of_a_secret_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().display().to_string();
    let file = dir.path().join("countersign.toml");
    // The provider is not whole, so that the server ends after the warning.
    std::fs::write(&file, "oidc_client_secret = \"hush-hush\"\noidc_client_id = \"x\"\n").unwrap();
    for (mode, warns) in [(0o644, true), (0o600, false)] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let said = refused(&data, &[], &[]);
        assert_eq!(said.err.contains("holds a secret, and others"), warns, "{}", said.err);
        assert!(!said.err.contains("hush-hush"), "{}", said.err);
    }
}
