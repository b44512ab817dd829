//! Configuration: a file, over which the environment stands, over which flags stand.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use entente_register::label::{Clearance, Label, Level};
use entente_register::ledger::{Fallible, Refusal};
use entente_store::{CheckpointFiles, DatabaseUrl};
use serde::Deserialize;

/// How log lines are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One line for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What the file may say. Every key is optional.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    database: Option<String>,
    listen: Option<SocketAddr>,
    public_address: Option<String>,
    hosts: Option<Vec<String>>,
    trusted_proxies: Option<Vec<IpAddr>>,
    metrics_token: Option<String>,
    log: Option<String>,
    log_format: Option<LogFormat>,
    checkpoint_folder: Option<PathBuf>,
    body_limit: Option<usize>,
    import_folder: Option<PathBuf>,
    import_limit: Option<u64>,
    request_seconds: Option<u16>,
    concurrent_requests: Option<u16>,
    sign_in_attempts_a_minute: Option<u16>,
    screening_queries_a_minute: Option<u32>,
    operator: OperatorFile,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OperatorFile {
    clearance: Option<String>,
    all_compartments: Option<bool>,
}

/// What environment and flags say; the command line has told the two apart already.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--config`, `ENTENTE_CONFIG`.
    pub config: Option<PathBuf>,
    /// `--database`, `ENTENTE_DATABASE`.
    pub database: Option<String>,
    /// `--listen`, `ENTENTE_LISTEN`.
    pub listen: Option<SocketAddr>,
    /// `--public-address`, `ENTENTE_PUBLIC_ADDRESS`.
    pub public_address: Option<String>,
    /// `--log-format`, `ENTENTE_LOG_FORMAT`.
    pub log_format: Option<LogFormat>,
    /// `ENTENTE_LOG`.
    pub log: Option<String>,
    /// `ENTENTE_METRICS_TOKEN`.
    pub metrics_token: Option<String>,
}

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the register is kept.
    pub database: DatabaseUrl,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The address that people type, scheme and host: `https://entente.example.org`.
    pub public_address: Option<PublicAddress>,
    /// Further host names under which the server answers.
    pub hosts: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The bearer token that opens `/metrics` to others than this machine.
    pub metrics_token: Option<String>,
    /// What is logged, as a filter of `tracing`; none for what suits the command.
    pub log: Option<String>,
    /// How it is written.
    pub log_format: LogFormat,
    /// Folder for the signing key and the signed checkpoints; none for beside the register.
    pub checkpoint_folder: Option<PathBuf>,
    /// Largest body of a request, in bytes; documents have a limit of their own.
    pub body_limit: usize,
    /// Folder for files that people bring in on the pages; none for beside the register.
    pub import_folder: Option<PathBuf>,
    /// Largest file that is brought in on the pages, in bytes.
    pub import_limit: u64,
    /// After how many seconds a request is given up.
    pub request_seconds: u16,
    /// Requests answered at one time; more are turned away with 503.
    pub concurrent_requests: u16,
    /// Attempts to sign in from one address within a minute.
    pub sign_in_attempts_a_minute: u16,
    /// Queries of screening clients that one account may ask within a minute.
    pub screening_queries_a_minute: u32,
    /// What the operator of this machine may see.
    pub operator: Clearance,
}

/// The address that people type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress {
    /// Whether it is `https`.
    pub secure: bool,
    /// Host, with the port if it has one, in lower case.
    pub authority: String,
}

impl PublicAddress {
    /// Reads `https://HOST[:PORT]`, without a path.
    ///
    /// # Errors
    /// `config.public_address`.
    pub fn parse(text: &str) -> Fallible<PublicAddress> {
        let (secure, rest) = match text.trim().trim_end_matches('/').split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            _ => (false, ""),
        };
        let shaped = !rest.is_empty()
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'));
        if !shaped {
            return Err(Refusal::new(
                "config.public_address",
                format!("{text:?} is not the address of a server."),
            )
            .field("public_address")
            .missing("a scheme and a host, for example https://entente.example.org"));
        }
        Ok(PublicAddress { secure, authority: rest.to_ascii_lowercase() })
    }

    /// The host without its port.
    pub fn host(&self) -> &str {
        host_of(&self.authority)
    }
}

impl std::fmt::Display for PublicAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", if self.secure { "https" } else { "http" }, self.authority)
    }
}

/// The host of an authority `HOST[:PORT]`, with the brackets of an IPv6 address taken off.
pub fn host_of(authority: &str) -> &str {
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split(']').next().unwrap_or(rest);
    }
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}

impl Config {
    /// Reads the file that is named, if one is, and puts the overrides over it.
    ///
    /// # Errors
    /// A refusal that names the key that cannot be used.
    pub fn load(overrides: Overrides) -> Fallible<Config> {
        let file = match &overrides.config {
            Some(path) => read(path)?,
            None => File::default(),
        };
        let database = match overrides.database.or(file.database) {
            Some(text) => text.parse()?,
            None => DatabaseUrl::Sqlite(data_folder()?.join("entente.db")),
        };
        let public = overrides.public_address.or(file.public_address);
        Ok(Config {
            database,
            listen: overrides.listen.or(file.listen).unwrap_or(DEFAULT_LISTEN),
            public_address: public.map(|text| PublicAddress::parse(&text)).transpose()?,
            hosts: file.hosts.unwrap_or_default().iter().map(|h| h.to_ascii_lowercase()).collect(),
            trusted_proxies: file.trusted_proxies.unwrap_or_default(),
            metrics_token: overrides.metrics_token.or(file.metrics_token).filter(|t| !t.is_empty()),
            log: overrides.log.or(file.log),
            log_format: overrides.log_format.or(file.log_format).unwrap_or_default(),
            checkpoint_folder: file.checkpoint_folder,
            body_limit: file.body_limit.unwrap_or(DEFAULT_BODY_LIMIT),
            import_folder: file.import_folder,
            import_limit: file.import_limit.unwrap_or(DEFAULT_IMPORT_LIMIT),
            request_seconds: file.request_seconds.unwrap_or(30).max(1),
            concurrent_requests: file.concurrent_requests.unwrap_or(256).max(1),
            sign_in_attempts_a_minute: file.sign_in_attempts_a_minute.unwrap_or(20).max(1),
            // One request may have a hundred.
            screening_queries_a_minute: file.screening_queries_a_minute.unwrap_or(DEFAULT_QUERIES).max(100),
            operator: operator(&file.operator)?,
        })
    }

    /// The defaults around a database, for tests.
    pub fn of(database: DatabaseUrl) -> Config {
        Config {
            database,
            listen: DEFAULT_LISTEN,
            public_address: None,
            hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            metrics_token: None,
            log: None,
            log_format: LogFormat::Text,
            checkpoint_folder: None,
            body_limit: DEFAULT_BODY_LIMIT,
            import_folder: None,
            import_limit: DEFAULT_IMPORT_LIMIT,
            request_seconds: 30,
            concurrent_requests: 256,
            sign_in_attempts_a_minute: 20,
            screening_queries_a_minute: DEFAULT_QUERIES,
            operator: Clearance::full(),
        }
    }

    /// Where the signing key and the checkpoints outside the database are kept.
    ///
    /// # Errors
    /// `config.data_folder` where a server's checkpoints have no place on this platform.
    pub fn checkpoint_files(&self) -> Fallible<CheckpointFiles> {
        let beside = self.beside(self.checkpoint_folder.as_deref())?;
        Ok(CheckpointFiles::beside(&match (&self.checkpoint_folder, beside.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => beside,
        }))
    }

    /// Where files that people bring in on the pages wait.
    ///
    /// # Errors
    /// `config.data_folder` where they have no place on this platform.
    pub fn import_folder(&self) -> Fallible<PathBuf> {
        if let Some(folder) = &self.import_folder {
            return Ok(folder.clone());
        }
        let mut folder = self.beside(None)?.into_os_string();
        folder.push(".imports");
        Ok(folder.into())
    }

    /// The register's file; of one on a server, a name for it, within the program's folder unless another is named.
    fn beside(&self, folder: Option<&Path>) -> Fallible<PathBuf> {
        match &self.database {
            DatabaseUrl::Sqlite(path) => Ok(path.clone()),
            DatabaseUrl::Postgres(_) => {
                // Its address without the password, as the name of a file.
                let name: String = self
                    .database
                    .to_string()
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' })
                    .collect();
                match folder {
                    Some(_) => Ok(PathBuf::from(name)),
                    None => Ok(data_folder()?.join(name)),
                }
            }
        }
    }

    /// Whether people reach the server over https.
    pub fn is_secure(&self) -> bool {
        self.public_address.as_ref().is_some_and(|a| a.secure)
    }
}

/// Where the server listens if nobody says otherwise: this machine alone.
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// One mebibyte: the largest command is far smaller.
const DEFAULT_BODY_LIMIT: usize = 1 << 20;

/// A quarter of a gibibyte: two million deliveries as CSV.
const DEFAULT_IMPORT_LIMIT: u64 = 256 << 20;

/// A hundred a second: a register of parties in some minutes, and no machine kept from its people.
const DEFAULT_QUERIES: u32 = 6_000;

/// The folder for data of this program on this platform.
///
/// # Errors
/// `config.data_folder` where the platform names none.
pub fn data_folder() -> Fallible<PathBuf> {
    directories::ProjectDirs::from("", "", "entente").map(|d| d.data_dir().to_owned()).ok_or_else(|| {
        Refusal::new("config.data_folder", "This account has no folder for data of programs.")
            .field("database")
            .missing("--database sqlite:PATH")
    })
}

fn read(path: &Path) -> Fallible<File> {
    let refuse = |message: String| {
        Refusal::new("config.file", message).field("config").missing("a configuration file in TOML")
    };
    let text = std::fs::read_to_string(path)
        .map_err(|e| refuse(format!("The configuration file {} cannot be read: {e}.", path.display())))?;
    toml::from_str(&text)
        .map_err(|e| refuse(format!("The configuration file {} is not usable:\n{e}", path.display())))
}

fn operator(file: &OperatorFile) -> Fallible<Clearance> {
    let label: Label = match &file.clearance {
        Some(text) => text.parse().map_err(|mut refusal: Refusal| {
            refusal.field = Some("operator.clearance".to_owned());
            refusal
        })?,
        None => Label::of(Level::TopSecret),
    };
    // The operator of the machine holds the database file itself, so the default hides nothing from it.
    let all_compartments = file.all_compartments.unwrap_or(file.clearance.is_none());
    Ok(Clearance {
        level: label.level,
        compartments: label.compartments,
        all_compartments,
        foreign_state: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_stand_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("entente.toml");
        std::fs::write(
            &path,
            "database = \"sqlite:a.db\"\nlisten = \"127.0.0.1:9000\"\n[operator]\nclearance = \"SECRET//NAVY\"\n",
        )
        .unwrap();
        let config = Config::load(Overrides {
            config: Some(path),
            database: Some("sqlite:b.db".into()),
            ..Overrides::default()
        })
        .unwrap();
        assert_eq!(config.database, DatabaseUrl::Sqlite("b.db".into()));
        assert_eq!(config.listen.port(), 9000);
        assert_eq!(config.operator.level, Level::Secret);
        assert!(!config.operator.all_compartments);
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("entente.toml");
        std::fs::write(&path, "databse = \"sqlite:a.db\"\n").unwrap();
        let refusal = Config::load(Overrides { config: Some(path), ..Overrides::default() }).unwrap_err();
        assert_eq!(refusal.code, "config.file");
        assert!(refusal.message.contains("databse"), "{}", refusal.message);
    }

    /// The operator's guide names every key, by what the reader of the file itself says that it takes.
    #[test]
    fn the_guide_names_every_key() {
        let guide = include_str!("../../../docs/operator.md");
        for (nonsense, prefix) in [("nonsense = 1", ""), ("[operator]\nnonsense = 1", "operator.")] {
            let said = toml::from_str::<File>(nonsense).unwrap_err().message().to_owned();
            let known: Vec<&str> =
                said.split("expected").nth(1).unwrap().split('`').skip(1).step_by(2).collect();
            assert!(known.len() > 1, "{said}");
            for key in known.into_iter().filter(|key| *key != "operator") {
                assert!(guide.contains(&format!("| `{prefix}{key}` |")), "{prefix}{key} is not in the guide");
            }
        }
    }

    #[test]
    fn checkpoints_are_beside_the_register_or_in_their_folder() {
        let mut config = Config::of(DatabaseUrl::Sqlite("/srv/entente.db".into()));
        assert_eq!(config.checkpoint_files().unwrap().key, PathBuf::from("/srv/entente.db.key"));
        config.checkpoint_folder = Some("/mnt/vault".into());
        assert_eq!(
            config.checkpoint_files().unwrap().checkpoints,
            PathBuf::from("/mnt/vault/entente.db.checkpoints")
        );
        config.database = "postgres://chair:secret@db.example/entente".parse().unwrap();
        let name = config.checkpoint_files().unwrap().key.display().to_string();
        assert!(name.starts_with("/mnt/vault/postgres") && !name.contains("secret"), "{name}");
        config.database = "postgres://db.example/entente?user=chair&password=secret".parse().unwrap();
        assert_eq!(config.checkpoint_files().unwrap().key.display().to_string(), name);
    }

    #[test]
    fn public_addresses() {
        let address = PublicAddress::parse("https://Entente.example.org:8443/").unwrap();
        assert!(address.secure);
        assert_eq!(address.host(), "entente.example.org");
        assert_eq!(host_of("[::1]:80"), "::1");
        for bad in ["", "entente.example.org", "ftp://a", "https://a/b", "https://a b"] {
            assert_eq!(PublicAddress::parse(bad).unwrap_err().code, "config.public_address", "{bad}");
        }
    }
}
