//! A person's browser, as far as fetching pages takes one: it signs in by a link and keeps the cookie.

use anyhow::{Context as _, Result, ensure};

use crate::http::{Answer, Connection};
use crate::process::{Contestant, text};

/// What every browser says that it takes, as far as the server knows of it.
const GZIP: &str = "accept-encoding: gzip\r\n";

/// A browser in which a person is signed in.
pub struct Browser {
    connection: Connection,
    address: String,
    cookie: String,
}

impl Browser {
    /// Signs the first admin in.
    pub async fn sign_in(server: &Contestant) -> Result<Self> {
        let path = "/api/v1/orgs/default/users/root@example.com/link";
        let link = text(&server.person().await?.post(path, "").await?, "/url")?;
        let at = link.find("/sign-in").context("no path in the link")?;
        let path = link.get(at..).unwrap_or_default();
        let connection = Connection::open(&server.address, "").await?;
        let mut browser =
            Self { connection, address: server.address.clone(), cookie: String::new() };
        let page = browser.fetch(path, "").await?;
        browser.keep_cookies(&page);
        let html = String::from_utf8_lossy(&page.body).into_owned();
        let csrf = between(&html, "name=\"csrf\" value=\"", "\"").next().context("no form")?;
        let lines = format!(
            "{}origin: http://{}\r\ncontent-type: application/x-www-form-urlencoded\r\n",
            browser.lines(),
            browser.address
        );
        browser.connection.send_with(&lines, ("POST", path), &format!("csrf={csrf}")).await?;
        let done = browser.connection.raw_answer().await?;
        ensure!(done.status == 303, "signing in: status {}", done.status);
        browser.keep_cookies(&done);
        Ok(browser)
    }

    /// A page, which has to be there.
    pub async fn page(&mut self, path: &str) -> Result<Answer> {
        let page = self.fetch(path, "").await?;
        ensure!(page.status == 200, "{path}: status {}", page.status);
        Ok(page)
    }

    /// Bytes of a page with everything that it names, heads included, each file once.
    pub async fn weight(&mut self, path: &str) -> Result<usize> {
        let page = self.page(path).await?;
        let html = String::from_utf8_lossy(&page.body).into_owned();
        let sent = self.fetch(path, GZIP).await?;
        let mut files: Vec<&str> = between(&html, " src=\"", "\"").collect();
        let linked = html.split("<link ").skip(1).filter_map(|link| link.split('>').next());
        files.extend(linked.flat_map(|link| between(link, "href=\"", "\"")));
        let mut waiting: Vec<String> = files.into_iter().map(str::to_owned).collect();
        let (mut seen, mut bytes) = (Vec::new(), sent.start + sent.body.len());
        while let Some(file) = waiting.pop() {
            if !file.starts_with('/') || seen.contains(&file) {
                continue;
            }
            let sent = self.fetch(&file, GZIP).await?;
            bytes += sent.start + sent.body.len();
            let script = String::from_utf8_lossy(&self.page(&file).await?.body).into_owned();
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            let imported =
                between(&script, "from './", "'").chain(between(&script, "import './", "'"));
            waiting.extend(imported.map(|name| format!("{folder}/{name}")));
            seen.push(file);
        }
        Ok(bytes)
    }

    async fn fetch(&mut self, path: &str, takes: &str) -> Result<Answer> {
        let lines = format!("{}{takes}", self.lines());
        self.connection.send_with(&lines, ("GET", path), "").await?;
        self.connection.raw_answer().await
    }

    fn lines(&self) -> String {
        format!("host: {}\r\ncookie: {}\r\n", self.address, self.cookie)
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        let set = answer.head.lines().filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next())?
        });
        let cookies: Vec<&str> = set.collect();
        if !cookies.is_empty() {
            self.cookie = cookies.join("; ");
        }
    }
}

/// Every part of a text that stands between two others.
fn between<'a>(text: &'a str, before: &'a str, after: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split_once(after).map(|(part, _)| part))
}
