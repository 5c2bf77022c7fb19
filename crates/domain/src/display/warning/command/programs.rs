//! Programs that are known by their names, by what they do with what they are handed.

pub(super) const SHELLS: &[&str] = &[
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "fish",
    "ash",
    "cmd",
    "powershell",
    "pwsh",
    "iex",
    "invoke-expression",
];
pub(super) const INTERPRETERS: &[&str] =
    &["python", "python2", "python3", "perl", "ruby", "node", "php", "lua", "osascript"];
pub(super) const FETCH: &[&str] = &[
    "curl",
    "wget",
    "iwr",
    "irm",
    "invoke-webrequest",
    "invoke-restmethod",
    "nc",
    "ncat",
    "aria2c",
    "ftp",
    "tftp",
];
pub(super) const UNPACK: &[&str] = &["base64", "base32", "openssl", "xxd", "uudecode", "rev"];
pub(super) const PRINT: &[&str] =
    &["echo", "printf", "cat", "sed", "tr", "awk", "gunzip", "zcat", "head", "tail", "yes"];
pub(super) const HARM: &[&str] = &[
    "rm", "chmod", "chown", "dd", "shutdown", "reboot", "kill", "pkill", "crontab", "eval", "ssh",
    "scp",
];
pub(super) const TELL: &[&str] = &[
    "id", "whoami", "ls", "env", "printenv", "uname", "hostname", "ping", "nslookup", "dig",
    "sleep", "touch", "date", "pwd",
];
/// Programs that delete, as they are told to.
pub(super) const DELETE: &[&str] =
    &["rm", "dd", "mkfs", "shred", "wipefs", "find", "del", "erase", "rd", "rmdir", "remove-item"];
/// Programs that hand what they are told to another one, or to another machine.
pub(super) const WRAP: &[&str] = &[
    "xargs", "find", "ssh", "docker", "podman", "kubectl", "su", "runuser", "chroot", "nsenter",
    "timeout", "nice", "watch", "parallel", "busybox", "setsid", "stdbuf", "unshare",
];
