//! A private PostgreSQL server, started from the installed one.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

/// A server on a Unix socket in a temporary folder. It ends, and its folder is
/// removed, when this value is dropped or the process ends in whatever way.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    owner: Option<(u32, u32)>,
    settings: Vec<String>,
    supervisor: Option<(Child, ChildStdin)>,
}

/// What tests want: speed, and nothing that outlives them.
const FOR_TESTS: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=64MB",
];

/// Starts the server and waits on a pipe that only the test process holds open: when it closes, for
/// whatever reason, the server is stopped and its folder removed. The word `keep` on the pipe leaves the folder.
const SUPERVISOR: &str = r#"
keep=remove
programs=$1
folder=$2
shift 2
"$programs/postgres" -D "$folder/data" -k "$folder" -c listen_addresses='' -c logging_collector=off "$@" \
    >"$folder/log" 2>&1 </dev/null &
server=$!
echo started
read -r word && keep=$word
kill -INT "$server" 2>/dev/null
wait "$server"
[ "$keep" = keep ] || rm -rf "$folder"
"#;

impl Cluster {
    /// Makes a cluster and starts its server, set up for tests: what it promises is not kept on the disk.
    ///
    /// # Errors
    /// In words, why there can be none.
    pub fn start() -> Result<Cluster, String> {
        Cluster::start_with(FOR_TESTS)
    }

    /// Makes a cluster and starts its server with settings `name=value`.
    ///
    /// # Errors
    /// In words, why there can be none.
    pub fn start_with(settings: &[&str]) -> Result<Cluster, String> {
        let programs = find_programs().ok_or("PostgreSQL is not installed (no initdb and postgres found)")?;
        let folder = tempfile::Builder::new()
            .prefix("entente-postgres-")
            .tempdir()
            .map_err(|e| format!("no temporary folder: {e}"))?;
        // PostgreSQL refuses to run as root; the folder belongs to whom it runs as.
        let uid = folder.path().metadata().map_err(|e| e.to_string())?.uid();
        let owner = if uid == 0 { Some(find_account()?) } else { None };
        if let Some((uid, gid)) = owner {
            chown(folder.path(), Some(uid), Some(gid)).map_err(|e| format!("giving the folder away: {e}"))?;
        }
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700))
            .map_err(|e| e.to_string())?;
        let folder = folder.keep();
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let mut cluster = Cluster { folder, programs, owner, settings, supervisor: None };
        let made = cluster
            .command(&cluster.programs.join("initdb"))
            .args(["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "-D"])
            .arg(cluster.folder.join("data"))
            .stdin(Stdio::null())
            .output()
            .map_err(|e| format!("running initdb: {e}"))?;
        if !made.status.success() {
            return Err(format!("initdb failed: {}", String::from_utf8_lossy(&made.stderr).trim()));
        }
        cluster.resume()?;
        Ok(cluster)
    }

    /// Starts the server again after [`Cluster::stop`].
    ///
    /// # Errors
    /// In words, why it does not start.
    pub fn resume(&mut self) -> Result<(), String> {
        let mut child = self
            .command(Path::new("/bin/sh"))
            .args(["-c", SUPERVISOR, "sh"])
            .arg(&self.programs)
            .arg(&self.folder)
            .args(self.settings.iter().flat_map(|setting| ["-c", setting.as_str()]))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A Ctrl-C goes to the tests; the supervisor sees their pipe close and stops in order.
            .process_group(0)
            .spawn()
            .map_err(|e| format!("starting PostgreSQL: {e}"))?;
        let stdin = child.stdin.take().ok_or("the supervisor has no input")?;
        let stdout = child.stdout.take().ok_or("the supervisor has no output")?;
        self.supervisor = Some((child, stdin));
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).map_err(|e| format!("starting PostgreSQL: {e}"))?;
        for _ in 0..400 {
            let answer = std::os::unix::net::UnixStream::connect(self.folder.join(".s.PGSQL.5432"));
            if answer.is_ok() && self.log().contains("ready to accept connections") {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        Err(format!("PostgreSQL does not answer: {}", self.log()))
    }

    /// Stops the server as an operator would, cutting its connections, and waits until it is gone.
    pub fn stop(&mut self) {
        self.end("keep");
    }

    /// The address of the database `postgres` in it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.display())
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder);
        if let Some((uid, gid)) = self.owner {
            command.uid(uid).gid(gid);
        }
        command
    }

    fn end(&mut self, word: &str) {
        use std::io::Write as _;
        if let Some((mut child, mut stdin)) = self.supervisor.take() {
            let _ = writeln!(stdin, "{word}");
            drop(stdin);
            let _ = child.wait();
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.end("remove");
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The folder with `initdb` and `postgres`: of the newest installed version, where it is not in the path.
fn find_programs() -> Option<PathBuf> {
    let in_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    debian.sort_by_key(|folder| {
        let version = folder.parent().and_then(|p| p.file_name()).and_then(|n| n.to_str());
        std::cmp::Reverse(version.and_then(|v| v.parse::<u32>().ok()).unwrap_or(0))
    });
    debian
        .into_iter()
        .chain(in_path.unwrap_or_default())
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// The account `postgres`, or else `nobody`: user and group.
fn find_account() -> Result<(u32, u32), String> {
    let accounts = std::fs::read_to_string("/etc/passwd").map_err(|e| e.to_string())?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| {
            let line = accounts.lines().find(|line| line.starts_with(&format!("{name}:")))?;
            let mut fields = line.split(':').skip(2);
            Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
        })
        .ok_or_else(|| "the tests run as root and there is no account to run PostgreSQL as".to_owned())
}
