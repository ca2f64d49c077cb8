//! `claviger participant create | list | block | unblock | set-password | import`. A password is typed, or comes on standard
//! input.

use std::fs::File;
use std::io::{IsTerminal, Read, stderr};
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, Subcommand};
use serde::Serialize;

use super::{open, output, typed};
use crate::domain::command::{CommandComplaint, Done, Next, ParticipantChange};
use crate::domain::ids::{OrganizationId, ParticipantId};
use crate::domain::participant::{
    IMPORT_BYTES, ImportFile, ImportReport, Participant, ParticipantRequest, TypedParticipant,
};
use crate::service::{Actor, Console, HashProgress};
use crate::store::Missing;

/// After how many hashed passwords a line tells of them.
const PROGRESS_EVERY: usize = 100;

/// What to do with participants.
#[derive(Subcommand)]
pub enum Command {
    /// Makes a participant; a terminal asks for the password, otherwise it is the first line of standard input. Without
    /// one the participant cannot sign in
    Create(Create),
    /// Lists the participants of an organization, by nickname
    List {
        /// The organization
        #[arg(long, value_name = "ID")]
        organization_id: OrganizationId,
        /// Only those with these beginnings of words in nickname, name or address
        #[arg(long, default_value = "", value_name = "TEXT")]
        search: String,
    },
    /// Blocks a participant: every token for the participant is dead from then on, for good, and none is issued
    Block {
        /// The participant
        #[arg(long)]
        id: ParticipantId,
    },
    /// Takes a block back: tokens are issued again, and those issued before stay dead
    Unblock {
        /// The participant
        #[arg(long)]
        id: ParticipantId,
    },
    /// Sets or replaces a participant's password, which is read as `create` reads it; tokens live on
    SetPassword {
        /// The participant
        #[arg(long)]
        id: ParticipantId,
    },
    /// Makes the participants of a CSV file, all of them or, when something is wrong with a line, none
    Import(Import),
}

/// A new participant.
#[derive(Args)]
pub struct Create {
    /// The organization
    #[arg(long, value_name = "ID")]
    organization_id: OrganizationId,
    /// What the participant signs in with: letters, digits, hyphens and underscores
    #[arg(long)]
    nickname: String,
    /// The email address, which the participant can sign in with, too
    #[arg(long)]
    email: String,
    /// What people read; made of the nickname when absent
    #[arg(long, default_value = "")]
    name: String,
}

/// An import.
#[derive(Args)]
pub struct Import {
    /// The file, in UTF-8. Its first line names the columns: nickname, email, and if wanted name, and password or
    /// `password_hash` (Argon2id)
    file: PathBuf,
    /// The organization
    #[arg(long, value_name = "ID")]
    organization_id: OrganizationId,
    /// Only checks the file
    #[arg(long)]
    dry_run: bool,
}

#[derive(Serialize)]
struct ParticipantRow {
    id: ParticipantId,
    organization_id: OrganizationId,
    nickname: String,
    email: String,
    name: String,
    has_password: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked: Option<bool>,
}

impl output::TableRow for ParticipantRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "organization_id",
        "nickname",
        "email",
        "name",
        "has_password",
        "blocked",
    ];
}

#[derive(Serialize)]
struct ImportRow {
    organization_id: OrganizationId,
    participants: usize,
    imported: bool,
}

impl output::TableRow for ImportRow {
    const COLUMNS: &'static [&'static str] = &["organization_id", "participants", "imported"];
}

/// Runs the command.
pub async fn run(command: Command) -> output::CommandResult {
    match command {
        Command::Create(create) => self::create(create).await,
        Command::SetPassword { id } => set_password(id).await,
        Command::Import(import) => self::import(import).await,
        Command::List {
            organization_id,
            search,
        } => list(organization_id, &search).await,
        Command::Block { id } => {
            let block = async |console: &Console, actor: &Actor| {
                Ok(console.block_participant(actor, id).await?)
            };
            report(
                open::with_database(Missing::Create, block).await?,
                ParticipantChange::Blocked,
            )
        }
        Command::Unblock { id } => {
            let unblock = async |console: &Console, actor: &Actor| {
                Ok(console.unblock_participant(actor, id).await?)
            };
            report(
                open::with_database(Missing::Create, unblock).await?,
                ParticipantChange::Unblocked,
            )
        }
    }
}

async fn create(create: Create) -> output::CommandResult {
    let prompt = format!("Password of {} (optional)", create.nickname);
    let request = ParticipantRequest {
        organization_id: create.organization_id,
        typed: TypedParticipant {
            nickname: create.nickname,
            email: create.email,
            name: create.name,
        },
        password: typed::secret(&prompt).await?,
    };
    let made = open::with_database(Missing::Create, async |console, actor| {
        Ok(console.create_participant(actor, &request).await?)
    });
    report(made.await?, ParticipantChange::Created)
}

async fn set_password(id: ParticipantId) -> output::CommandResult {
    let password = typed::secret(&format!("Password of participant {id}")).await?;
    let changed = open::with_database(Missing::Create, async |console, actor| {
        let set = console.set_participant_password(actor, id, &password);
        Ok(set.await?)
    });
    report(changed.await?, ParticipantChange::PasswordSet)
}

async fn list(organization: OrganizationId, search: &str) -> output::CommandResult {
    let found = open::with_database(Missing::Create, async |console, actor| {
        let list = console.list_every_participant(actor, organization, search);
        Ok(list.await?)
    });
    let rows: Vec<ParticipantRow> = found.await?.into_iter().map(row).collect();
    output::print_rows(&rows)
}

/// Prints a participant that was made or changed.
fn report(participant: Participant, change: ParticipantChange) -> output::CommandResult {
    let done = Done::Participant {
        id: participant.id,
        nickname: participant.nickname.to_string(),
        change,
    };
    output::print_rows(&[row(participant)])
        .map_err(|cause| output::unreported(&cause, done, Next::ListParticipants))
}

fn row(participant: Participant) -> ParticipantRow {
    ParticipantRow {
        id: participant.id,
        organization_id: participant.organization_id,
        nickname: participant.nickname.to_string(),
        email: participant.email.to_string(),
        name: participant.name,
        has_password: participant.has_password,
        blocked: participant.blocked_at.map(|_| true),
    }
}

async fn import(import: Import) -> output::CommandResult {
    let content = read(&import.file)?;
    let file = ImportFile {
        organization_id: import.organization_id,
        content: &content,
        is_dry_run: import.dry_run,
    };
    let is_watched = stderr().is_terminal();
    let tell = move |HashProgress { done, total }: HashProgress| {
        if is_watched && (done % PROGRESS_EVERY == 0 || done == total) {
            output::print_error(&format!("claviger: {done} of {total} passwords hashed"));
        }
    };
    let report = open::with_database(Missing::Create, async |console, actor| {
        Ok(console.import_participants(actor, &file, &tell).await?)
    });
    let report = report.await?;
    refuse_wrong(&report)?;
    let row = ImportRow {
        organization_id: import.organization_id,
        participants: report.participants,
        imported: report.is_written,
    };
    output::print_rows(&[row]).map_err(|cause| {
        if report.is_written {
            let participants = report.participants;
            let done = Done::ParticipantsImported { participants };
            output::unreported(&cause, done, Next::ListParticipants)
        } else {
            cause
        }
    })
}

/// Prints what is wrong, a line each.
fn refuse_wrong(report: &ImportReport) -> output::CommandResult {
    if report.wrong.is_empty() {
        return Ok(());
    }
    for wrong in &report.wrong {
        let (line, field, complaint) = (wrong.line, wrong.wrong.field, &wrong.wrong.complaint);
        let place = match field {
            "line" => format!("line {line}"),
            field => format!("line {line}, {field}"),
        };
        output::print_error(&format!("claviger: {place}: {complaint}"));
    }
    bail!(CommandComplaint::NothingImported)
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut content = Vec::new();
    // A byte more than is allowed tells that there is more.
    let most = u64::try_from(IMPORT_BYTES + 1)?;
    File::open(file)
        .and_then(|file| file.take(most).read_to_end(&mut content))
        .map_err(|error| CommandComplaint::LineUnreadable {
            what: file.display().to_string(),
            cause: error.to_string(),
        })?;
    Ok(content)
}
