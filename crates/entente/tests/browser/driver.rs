//! A browser, driven by the WebDriver protocol (W3C) through chromedriver: as much of it as the tests need.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Keys of the protocol that are no characters.
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";

/// The name under which the protocol gives an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The programs, where this machine has both.
pub(crate) fn programs() -> Option<(PathBuf, PathBuf)> {
    let find = |names: &[&str]| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .flat_map(|folder| names.iter().map(move |name| folder.join(name)).collect::<Vec<_>>())
            .find(|file| file.is_file())
    };
    Some((find(&["chromedriver"])?, find(&["chromium", "chromium-browser", "google-chrome"])?))
}

/// Longer than any step takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// One browser with one window; it ends when it is dropped.
pub(crate) struct Browser {
    port: u16,
    session: String,
    _driver: Running,
    _profile: TempDir,
}

/// An element of a page.
#[derive(Debug, Clone)]
pub(crate) struct Element(String);

impl Browser {
    /// Starts a browser with a fresh profile, with or without JavaScript.
    pub(crate) async fn start(driver: &Path, browser: &Path, javascript: bool) -> Browser {
        let mut child = Command::new(driver)
            .arg("--port=0")
            .env("LANGUAGE", "en_US")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port = port_of(&mut child);
        let profile = tempfile::tempdir().unwrap();
        let folder = format!("--user-data-dir={}", profile.path().display());
        let mut arguments = vec![
            "--headless=new",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,1000",
            "--lang=en-US",
            &folder,
        ];
        if is_root() {
            // The sandbox does not start under root, as which containers run.
            arguments.push("--no-sandbox");
        }
        let preferences = match javascript {
            true => json!({}),
            false => json!({ "profile.managed_default_content_settings.javascript": 2 }),
        };
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": browser, "args": arguments, "prefs": preferences },
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let answer = exchange(port, "POST", "/session", Some(&wanted)).await.unwrap();
        let session = answer["sessionId"].as_str().unwrap().to_owned();
        Browser { port, session, _driver: Running(child), _profile: profile }
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value, String> {
        let path = format!("/session/{}{path}", self.session);
        exchange(self.port, method, &path, body.as_ref()).await
    }

    pub(crate) async fn open(&self, address: &str) {
        self.ask("POST", "/url", Some(json!({ "url": address }))).await.unwrap();
    }

    pub(crate) async fn address(&self) -> String {
        self.ask("GET", "/url", None).await.unwrap().as_str().unwrap().to_owned()
    }

    /// The first element that a CSS selector names; it must be there.
    pub(crate) async fn find(&self, selector: &str) -> Element {
        let wanted = json!({ "using": "css selector", "value": selector });
        for _ in 0..50 {
            match self.ask("POST", "/element", Some(wanted.clone())).await {
                Ok(found) => return Element(found[ELEMENT].as_str().unwrap().to_owned()),
                // The next page may still be on its way.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        panic!("no {selector} on {}: {}", self.address().await, self.source().await);
    }

    /// The element that has the focus.
    pub(crate) async fn focused(&self) -> Element {
        let found = self.ask("GET", "/element/active", None).await.unwrap();
        Element(found[ELEMENT].as_str().unwrap().to_owned())
    }

    pub(crate) async fn click(&self, element: &Element) {
        self.ask("POST", &format!("/element/{}/click", element.0), Some(json!({}))).await.unwrap();
    }

    pub(crate) async fn clear(&self, element: &Element) {
        self.ask("POST", &format!("/element/{}/clear", element.0), Some(json!({}))).await.unwrap();
    }

    pub(crate) async fn write(&self, element: &Element, text: &str) {
        self.ask("POST", &format!("/element/{}/value", element.0), Some(json!({ "text": text })))
            .await
            .unwrap();
    }

    pub(crate) async fn text(&self, element: &Element) -> String {
        let text = self.ask("GET", &format!("/element/{}/text", element.0), None).await.unwrap();
        text.as_str().unwrap().to_owned()
    }

    pub(crate) async fn attribute(&self, element: &Element, name: &str) -> String {
        let value = self.ask("GET", &format!("/element/{}/attribute/{name}", element.0), None).await.unwrap();
        value.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) async fn style(&self, element: &Element, property: &str) -> String {
        let value = self.ask("GET", &format!("/element/{}/css/{property}", element.0), None).await.unwrap();
        value.as_str().unwrap().to_owned()
    }

    /// Makes the window as wide as a phone, or whatever is said; Chromium keeps a window of at least 500, so
    /// the width of the screen is set in its stead.
    pub(crate) async fn narrow(&self, width: u32) {
        let metrics = json!({ "width": width, "height": 844, "deviceScaleFactor": 1, "mobile": false });
        let body = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        self.ask("POST", "/goog/cdp/execute", Some(body)).await.unwrap();
    }

    /// How wide the page is, with whatever stands out of the window.
    pub(crate) async fn width(&self) -> u64 {
        let body = json!({ "script": "return document.documentElement.scrollWidth", "args": [] });
        self.ask("POST", "/execute/sync", Some(body)).await.unwrap().as_u64().unwrap()
    }

    pub(crate) async fn source(&self) -> String {
        self.ask("GET", "/source", None).await.unwrap().as_str().unwrap().to_owned()
    }

    /// Presses keys, one after the other, wherever the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        let mut acts = Vec::new();
        for key in keys.chars() {
            acts.push(json!({ "type": "keyDown", "value": key.to_string() }));
            acts.push(json!({ "type": "keyUp", "value": key.to_string() }));
        }
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": acts }] });
        self.ask("POST", "/actions", Some(body)).await.unwrap();
    }

    /// Waits until the address holds a text.
    pub(crate) async fn arrive(&self, part: &str) {
        for _ in 0..100 {
            if self.address().await.contains(part) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("still at {}: {}", self.address().await, self.source().await);
    }

    /// The page as PDF, A4 with the margins of its own sheet.
    pub(crate) async fn print(&self) -> Vec<u8> {
        let body = json!({ "page": { "width": 21.0, "height": 29.7 }, "background": true });
        let text = self.ask("POST", "/print", Some(body)).await.unwrap();
        decode(text.as_str().unwrap())
    }

    /// What the browser complained of since it was asked last: refused styles, missing files.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let entries = self.ask("POST", "/se/log", Some(json!({ "type": "browser" }))).await.unwrap();
        entries.as_array().unwrap().iter().map(|entry| entry["message"].to_string()).collect()
    }
}

impl Drop for Browser {
    /// Without this the browser would outlive a test that fails: its driver, killed, does not end it.
    fn drop(&mut self) {
        let request = format!(
            "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n",
            self.session
        );
        if let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = stream.write_all(request.as_bytes());
            let _ = stream.read(&mut [0; 64]);
        }
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|data| std::os::unix::fs::MetadataExt::uid(&data) == 0)
}

/// The driver, which ends with its browser.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The port that the driver names once it listens.
fn port_of(child: &mut Child) -> u16 {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let port = lines
        .by_ref()
        .find_map(|line| line.split_once("successfully on port ").map(|(_, port)| port.to_owned()))
        .expect("chromedriver ended before it listened");
    // Whatever it says further is read and dropped, so that it never waits for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    port.trim_end_matches('.').parse().unwrap()
}

/// One request, one answer: the value, or the protocol's error.
async fn exchange(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let answered = tokio::time::timeout(PATIENCE, answer_of(port, format!("{head}{body}")));
    let (status, body) = answered
        .await
        .map_err(|_| format!("no answer to {method} {path}"))?
        .map_err(|e| format!("{method} {path}: {e}"))?;
    let value: Value = serde_json::from_slice(&body).map_err(|e| format!("{method} {path}: {e}"))?;
    if status.contains(" 200 ") {
        Ok(value["value"].clone())
    } else {
        Err(value["value"]["message"].to_string())
    }
}

/// The status line and the body of an answer. The driver may keep the connection open behind it.
async fn answer_of(port: u16, request: String) -> std::io::Result<(String, Vec<u8>)> {
    let mut stream = tokio::io::BufReader::new(TcpStream::connect(("127.0.0.1", port)).await?);
    stream.write_all(request.as_bytes()).await?;
    let mut status = String::new();
    stream.read_line(&mut status).await?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(std::io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok((status, body))
}

/// Base64, as the protocol gives files.
fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        held = (held << 6 | u32::from(digit)) & 0x00ff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    bytes
}

#[test]
fn base64_reads_back() {
    assert_eq!(decode("JVBERi0xLjQK"), b"%PDF-1.4\n");
    assert_eq!(decode("TWE="), b"Ma");
}
