//! `entente user`: accounts of persons. A one-time password is printed once, alone on
//! standard output, so that it can be piped to where it is handed over.
//!
//! The argument that names an account has an id of its own, because `account` is that of `--as`.

use clap::{Args, Subcommand, ValueEnum};
use entente_register::access::{AccountCommand, Actor, NewAccount, Role, WrittenClearance};
use entente_register::command::Command;
use entente_register::label::{Clearance, Label};
use entente_register::ledger::{Fallible, Refusal};
use entente_store::reader::AccountRow;
use entente_store::{Error, Fault, Outcome, Store};
use serde::Serialize;

use super::{Context, Done, Halt};
use crate::formats::table::harmless;

const EXAMPLES: &str = "\
Examples:
  entente user add a.petrova --name \"Anna Petrova\" --role secretary --clearance SECRET
  entente user add br.silva --name \"João Silva\" --role foreign_member --clearance OFFICIAL --foreign-state BRA
  entente user role grant a.petrova contract_officer
  entente user reset a.petrova
  entente user keys a.petrova
  entente --as admin user list --format csv

The first account of an empty register founds the register.";

/// What `user` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Open an account and print its one-time password
    Add(Add),
    /// Close an account; its sessions and keys end for good
    Disable(Name),
    /// Open a closed account again
    Enable(Name),
    /// Give or take a role
    Role {
        #[command(subcommand)]
        verb: RoleVerb,
    },
    /// Set what a person may see
    Clearance {
        /// Sign-in name
        #[arg(id = "who", value_name = "NAME")]
        account: String,
        #[command(flatten)]
        clearance: ClearanceOf,
    },
    /// Print a new one-time password; the person's sessions and keys end
    Reset(Name),
    /// List a person's keys for programs, or close one
    Keys {
        /// Sign-in name
        #[arg(id = "who", value_name = "NAME")]
        account: String,
        /// Close the key with this identifier, as the list gives it
        #[arg(long, value_name = "ID")]
        close: Option<String>,
    },
    /// List the accounts
    List {
        /// How the list is written
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

#[derive(Debug, Subcommand)]
enum RoleVerb {
    /// Give a role
    Grant(RoleOf),
    /// Take a role
    Withdraw(RoleOf),
}

#[derive(Debug, Args)]
struct Name {
    /// Sign-in name
    #[arg(id = "who", value_name = "NAME")]
    account: String,
}

#[derive(Debug, Args)]
struct RoleOf {
    /// Sign-in name
    #[arg(id = "who", value_name = "NAME")]
    account: String,
    /// The role, for example secretary
    role: String,
}

#[derive(Debug, Args)]
struct Add {
    /// Sign-in name: 2 to 40 lower-case letters, digits, dots and hyphens
    #[arg(id = "who", value_name = "NAME")]
    account: String,
    /// The person's name
    #[arg(long)]
    name: String,
    /// A role, for example secretary; repeat it for several
    #[arg(long = "role", required = true, value_name = "ROLE")]
    roles: Vec<String>,
    #[command(flatten)]
    clearance: NewClearance,
    /// Number of the party that the person acts for
    #[arg(long, value_name = "NUMBER")]
    party: Option<String>,
}

/// As [`ClearanceOf`], with the marking as an option.
#[derive(Debug, Args)]
struct NewClearance {
    /// Up to which marking the person may see: a level with compartments, for example SECRET//AVIATION
    #[arg(long, value_name = "MARKING")]
    clearance: String,
    #[command(flatten)]
    more: MoreClearance,
}

#[derive(Debug, Args)]
struct ClearanceOf {
    /// Up to which marking the person may see: a level with compartments, for example SECRET//AVIATION
    #[arg(value_name = "MARKING")]
    clearance: String,
    #[command(flatten)]
    more: MoreClearance,
}

#[derive(Debug, Args)]
struct MoreClearance {
    /// Admit to every compartment
    #[arg(long)]
    all_compartments: bool,
    /// The foreign state that the person serves: only what is releasable to it is seen
    #[arg(long, value_name = "STATE")]
    foreign_state: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For tables.
    Csv,
}

/// Does what is asked of accounts.
pub(crate) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    // The first account founds a register; everything else means one that is there.
    let store = match &arguments.verb {
        Verb::Add(_) => context.open().await?,
        _ => context.open_existing().await?,
    };
    let actor = context.actor(&store).await?;
    let done = act(context, &store, &actor, arguments.verb).await;
    store.close().await;
    done
}

async fn act(context: &mut Context, store: &Store, actor: &Actor, verb: Verb) -> Done {
    match verb {
        Verb::Add(add) => {
            let account = add.account.clone();
            let command = AccountCommand::Open(new_account(add)?);
            let password = match change_with_password(store, actor, &account, command.clone()).await {
                Err(Error::Refusal(refusal)) if refusal.code == "ledger.not_founded" => {
                    store.execute(actor, Command::Found { purpose: "register".to_owned() }).await?;
                    context.out.note("The register was empty and is now founded.");
                    change_with_password(store, actor, &account, command).await?
                }
                given => given?,
            };
            context.out.note(&format!("The account {account} is open."));
            show_password(context, &account, &password)
        }
        Verb::Reset(Name { account }) => {
            let reset = AccountCommand::ResetPassword;
            let password = change_with_password(store, actor, &account, reset).await?;
            show_password(context, &account, &password)
        }
        Verb::Disable(Name { account }) => {
            change(store, actor, &account, AccountCommand::Disable).await?;
            context.out.note(&format!("The account {account} is closed; its sessions and keys have ended."));
            Ok(())
        }
        Verb::Enable(Name { account }) => {
            change(store, actor, &account, AccountCommand::Enable).await?;
            context.out.note(&format!("The account {account} is open again."));
            Ok(())
        }
        Verb::Role { verb: RoleVerb::Grant(RoleOf { account, role }) } => {
            let role: Role = role.parse()?;
            change(store, actor, &account, AccountCommand::Grant(role)).await?;
            context.out.note(&format!("{account} holds the role {role}."));
            Ok(())
        }
        Verb::Role { verb: RoleVerb::Withdraw(RoleOf { account, role }) } => {
            let role: Role = role.parse()?;
            change(store, actor, &account, AccountCommand::Withdraw(role)).await?;
            context.out.note(&format!("{account} holds the role {role} no more."));
            Ok(())
        }
        Verb::Clearance { account, clearance } => {
            let clearance = read_clearance(&clearance.clearance, clearance.more)?;
            let scope = clearance.scope();
            change(store, actor, &account, AccountCommand::SetClearance(clearance)).await?;
            context.out.note(&format!("{account} may see {scope}."));
            Ok(())
        }
        Verb::Keys { account, close: Some(id) } => {
            store.close_api_key_of(actor, &account, &id).await?;
            context.out.note(&format!("The key {id} of {account} is closed."));
            Ok(())
        }
        Verb::Keys { account, close: None } => {
            let keys = store.api_keys_of(actor, &account).await?;
            let head = ["Identifier", "Name", "Opened", "Ends"].map(str::to_owned);
            let rows = keys
                .into_iter()
                .map(|key| [key.id, key.name, key.opened_at.to_string(), key.expires_at.to_string()]);
            context.out.print(&columns(&[head].into_iter().chain(rows).collect::<Vec<_>>()))
        }
        Verb::List { format } => {
            let accounts = store.reader(actor, None, None).await?.accounts().await?;
            let text = match format {
                Format::Text => text(&accounts),
                Format::Json => json(&accounts)?,
                Format::Csv => csv(&accounts)?,
            };
            context.out.print(&text)
        }
    }
}

async fn change(store: &Store, actor: &Actor, account: &str, command: AccountCommand) -> Outcome<()> {
    store.execute(actor, Command::Account { account: account.to_owned(), command }).await.map(|_| ())
}

/// Carries out a change that gives a one-time password, which is given.
async fn change_with_password(
    store: &Store,
    actor: &Actor,
    account: &str,
    command: AccountCommand,
) -> Outcome<String> {
    let command = Command::Account { account: account.to_owned(), command };
    let (_, password) = store.execute_giving_password(actor, command).await?;
    // None is given for a request that is repeated by its key, and this one has no key.
    Ok(password.unwrap_or_default())
}

fn show_password(context: &mut Context, account: &str, password: &str) -> Done {
    context.out.note("One-time password, shown this once; it is changed at the first sign-in:");
    match context.out.line(password) {
        // It is kept nowhere else: whoever closed the pipe must hear that it is lost.
        Err(Halt::Closed) => Err(Fault::internal(
            "handing over the one-time password",
            format!("standard output takes nothing; `entente user reset {account}` gives another"),
        )
        .into()),
        done => done,
    }
}

fn new_account(add: Add) -> Fallible<NewAccount> {
    Ok(NewAccount {
        account: add.account,
        name: add.name,
        roles: add.roles.iter().map(|role| role.parse()).collect::<Fallible<_>>()?,
        clearance: read_clearance(&add.clearance.clearance, add.clearance.more)?,
        party: add.party,
    })
}

fn read_clearance(text: &str, more: MoreClearance) -> Fallible<Clearance> {
    let label: Label = text.parse().map_err(|refusal: Refusal| refusal.field("clearance"))?;
    if label.releasable != Label::of(label.level).releasable {
        return Err(Refusal::new("clearance.release", "A clearance names no states of release.")
            .field("clearance")
            .missing("a level with compartments; --foreign-state names the state that the person serves"));
    }
    Ok(WrittenClearance { label, all_compartments: more.all_compartments, foreign_state: more.foreign_state }
        .into())
}

/// An account as it is listed.
#[derive(Debug, Serialize)]
struct Listed<'a> {
    account: &'a str,
    name: &'a str,
    roles: Vec<&'static str>,
    clearance: String,
    all_compartments: bool,
    foreign_state: Option<&'a str>,
    party: Option<&'a str>,
    state: &'static str,
}

impl<'a> From<&'a AccountRow> for Listed<'a> {
    fn from(row: &'a AccountRow) -> Listed<'a> {
        let written = WrittenClearance::from(&row.actor.clearance);
        Listed {
            account: &row.actor.account,
            name: &row.actor.name,
            roles: row.actor.roles.iter().map(|role| role.word()).collect(),
            clearance: written.label.to_string(),
            all_compartments: written.all_compartments,
            foreign_state: row.actor.clearance.foreign_state.as_deref(),
            party: row.actor.party.as_deref(),
            state: if row.disabled { "disabled" } else { "open" },
        }
    }
}

fn text(accounts: &[AccountRow]) -> String {
    let mut lines = vec![["Account", "Name", "Roles", "Clearance", "State"].map(str::to_owned)];
    for listed in accounts.iter().map(Listed::from) {
        let mut clearance = listed.clearance;
        if listed.all_compartments {
            clearance.push_str(", every compartment");
        }
        if let Some(state) = listed.foreign_state {
            clearance.push_str(&format!(", serves {state}"));
        }
        let (account, name) = (listed.account.to_owned(), listed.name.to_owned());
        lines.push([account, name, listed.roles.join(" "), clearance, listed.state.to_owned()]);
    }
    columns(&lines)
}

/// Lines in columns as wide as their widest cell.
fn columns<const N: usize>(lines: &[[String; N]]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for line in lines {
        let cells: Vec<String> = line
            .iter()
            .enumerate()
            .map(|(column, cell)| format!("{cell:<width$}", width = width(column)))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn json(accounts: &[AccountRow]) -> Result<String, Fault> {
    let listed: Vec<Listed<'_>> = accounts.iter().map(Listed::from).collect();
    let text =
        serde_json::to_string_pretty(&listed).map_err(|e| Fault::internal("writing the accounts", e))?;
    Ok(format!("{text}\n"))
}

fn csv(accounts: &[AccountRow]) -> Result<String, Fault> {
    let fault = |e: &dyn std::fmt::Display| Fault::internal("writing the accounts", e);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head =
        ["account", "name", "roles", "clearance", "all_compartments", "foreign_state", "party", "state"];
    writer.write_record(head).map_err(|e| fault(&e))?;
    for listed in accounts.iter().map(Listed::from) {
        writer
            .write_record([
                &harmless(listed.account),
                &harmless(listed.name),
                &listed.roles.join(" "),
                &harmless(&listed.clearance),
                &listed.all_compartments.to_string(),
                &harmless(listed.foreign_state.unwrap_or_default()),
                &harmless(listed.party.unwrap_or_default()),
                &listed.state.to_owned(),
            ])
            .map_err(|e| fault(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| fault(&e))?;
    String::from_utf8(bytes).map_err(|e| fault(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<AccountRow> {
        let actor = |account: &str, name: &str, clearance: Clearance| Actor {
            account: account.into(),
            name: name.into(),
            roles: vec![Role::Secretary, Role::TreatyOfficer],
            clearance,
            party: None,
        };
        let foreign = read_clearance(
            "OFFICIAL",
            MoreClearance { all_compartments: false, foreign_state: Some("BRA".into()) },
        );
        vec![
            AccountRow {
                actor: actor("a.petrova", "Anna Petrova", Clearance::full()),
                disabled: false,
                version: 1,
            },
            AccountRow {
                actor: actor("j.silva", "Silva, João", foreign.unwrap()),
                disabled: true,
                version: 4,
            },
        ]
    }

    #[test]
    fn the_list_is_written_three_ways() {
        insta::assert_snapshot!("list_as_text", text(&rows()));
        insta::assert_snapshot!("list_as_json", json(&rows()).unwrap());
        insta::assert_snapshot!("list_as_csv", csv(&rows()).unwrap());
    }

    #[test]
    fn a_list_for_tables_holds_no_formula() {
        let mut rows = rows();
        rows[0].actor.name = "=HYPERLINK(\"http://evil\")".to_owned();
        assert!(csv(&rows).unwrap().contains("\"'=HYPERLINK("));
    }

    #[test]
    fn a_clearance_names_no_states_of_release() {
        let none = || MoreClearance { all_compartments: false, foreign_state: None };
        assert_eq!(read_clearance("SECRET//REL BRA", none()).unwrap_err().code, "clearance.release");
        assert_eq!(read_clearance("HUSH", none()).unwrap_err().code, "label.malformed");
        assert!(read_clearance("PUBLIC", none()).is_ok());
        assert_eq!(read_clearance("SECRET//NAVY", none()).unwrap().compartments.len(), 1);
    }
}
