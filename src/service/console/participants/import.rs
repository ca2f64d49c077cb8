//! Importing participants from a file: all of them or none.

use crate::domain::complaint::{Complaint, ParticipantComplaint};
use crate::domain::error::Error;
use crate::domain::event::{Event, Subject, Target};
use crate::domain::ids::ParticipantId;
use crate::domain::participant::{
    FORM_IMPORT_BYTES, FORM_IMPORT_PASSWORDS, ImportFile, ImportReport, NewParticipant,
};
use crate::domain::rights::Right;
use crate::service::change::Change;
use crate::service::console::Console;
use crate::service::console::actor::Actor;
use crate::service::console::form_keys::{FormAnswer, SentForm};
use crate::service::console::participants::checks::{CheckedRow, RowPassword, check_file, taken};
use crate::service::console::participants::password::hash;
use crate::service::console::participants::{creation, new_participant, require_open};

/// How many of the passwords of a file are hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashProgress {
    /// So many are.
    pub done: usize,
    /// So many are to be.
    pub total: usize,
}

impl Console {
    /// Makes the participants of a file, all of them or, when something is wrong with any, none. Their plain passwords are
    /// hashed first, one after the other, about twenty a second; `progress` is told of each.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] in `file` when it cannot be read; [`Error::NotFound`] and
    /// [`Error::Conflict`] when the organization is not there or is archived. What is wrong with single lines is in the
    /// report.
    ///
    /// # Panics
    /// Never: the checks do not panic.
    pub async fn import_participants(
        &self,
        actor: &Actor,
        file: &ImportFile<'_>,
        progress: &(dyn Fn(HashProgress) + Sync),
    ) -> Result<ImportReport, Error> {
        let (report, checked) = self.check_import(actor, file).await?;
        if file.is_dry_run || !report.wrong.is_empty() {
            return Ok(report);
        }
        let new = self.hash_each(file, &checked, progress).await?;
        let change = self.change(actor).await?;
        finish(
            change,
            Checked {
                file,
                report,
                rows: checked,
                new,
            },
            None,
        )
        .await
    }

    /// Makes the participants of a file that a form carries, or only checks it; or, when the form was sent before, answers
    /// as the first time. Importing needs a fresh proof: passwords come with it. Checking needs none.
    ///
    /// # Errors
    /// As [`Console::import_participants`]; [`Error::Forbidden`] without a fresh proof; [`Error::Invalid`] in `file` when it
    /// is too long for a form; [`Error::Conflict`] when the form was sent with other contents.
    pub async fn import_participants_by_form(
        &self,
        actor: &Actor,
        form: &SentForm,
        file: &ImportFile<'_>,
    ) -> Result<ImportReport, Error> {
        actor.require(Right::ChangeParticipants)?;
        if !file.is_dry_run {
            actor.require_fresh_proof()?;
        }
        let too_long = || {
            Error::invalid(
                "file",
                Complaint::Participant(ParticipantComplaint::ImportTooLongForForm),
            )
        };
        if file.content.len() > FORM_IMPORT_BYTES {
            return Err(too_long());
        }
        // After the first time its names are taken.
        if !file.is_dry_run
            && let Some(report) = self.find_import(actor, form).await?
        {
            return Ok(report);
        }
        let (report, checked) = self.check_import(actor, file).await?;
        if report.passwords > FORM_IMPORT_PASSWORDS {
            return Err(too_long());
        }
        if file.is_dry_run || !report.wrong.is_empty() {
            return Ok(report);
        }
        let new = self.hash_each(file, &checked, &|_| {}).await?;
        let mut change = self.change(actor).await?;
        let (tx, stamp) = change.parts();
        if let Some(answer) = form.find_answer(tx, &stamp.by).await? {
            return Ok(written_before(&answer));
        }
        finish(
            change,
            Checked {
                file,
                report,
                rows: checked,
                new,
            },
            Some(form),
        )
        .await
    }

    /// What a form that was sent before has made.
    async fn find_import(
        &self,
        actor: &Actor,
        form: &SentForm,
    ) -> Result<Option<ImportReport>, Error> {
        let by = actor.reference().name();
        let answer = form.find_answer(&mut self.read().await?, &by).await?;
        Ok(answer.as_ref().map(written_before))
    }

    /// The checks of a file against itself and the directory.
    async fn check_import(
        &self,
        actor: &Actor,
        file: &ImportFile<'_>,
    ) -> Result<(ImportReport, Vec<CheckedRow>), Error> {
        actor.require(Right::ChangeParticipants)?;
        let content = file.content.to_vec();
        // Thousands of rows take a while, in which this thread has other requests to answer.
        let checking = tokio::task::spawn_blocking(move || check_file(&content));
        let (mut report, checked) = checking
            .await
            .expect("checking does not panic")
            .map_err(|complaint| Error::invalid("file", complaint))?;
        let mut tx = self.read().await?;
        require_open(&mut tx, file.organization_id).await?;
        report.wrong.extend(taken(&mut tx, file, &checked).await?);
        report.wrong.sort_by_key(|wrong| wrong.line);
        Ok((report, checked))
    }

    /// The participants, with hashed passwords.
    async fn hash_each(
        &self,
        file: &ImportFile<'_>,
        rows: &[CheckedRow],
        progress: &(dyn Fn(HashProgress) + Sync),
    ) -> Result<Vec<NewParticipant>, Error> {
        let (mut done, total) = (0, rows.iter().filter(|row| row.is_plain()).count());
        let mut new = Vec::with_capacity(rows.len());
        for row in rows {
            let password_hash = match &row.password {
                RowPassword::Missing => None,
                RowPassword::Hash(hash) => Some(hash.clone()),
                RowPassword::Plain(password) => {
                    let hash = hash(self, password).await?;
                    done += 1;
                    progress(HashProgress { done, total });
                    Some(hash)
                }
            };
            new.push(new_participant(
                file.organization_id,
                row.details.clone(),
                password_hash,
            ));
        }
        Ok(new)
    }
}

/// A file without a fault, and its participants with hashed passwords.
struct Checked<'a> {
    file: &'a ImportFile<'a>,
    report: ImportReport,
    rows: Vec<CheckedRow>,
    new: Vec<NewParticipant>,
}

/// Writes a checked file. Somebody may have been faster while passwords were hashed.
async fn finish(
    mut change: Change,
    checked: Checked<'_>,
    form: Option<&SentForm>,
) -> Result<ImportReport, Error> {
    let Checked {
        file,
        mut report,
        rows,
        new,
    } = checked;
    let (tx, _) = change.parts();
    require_open(tx, file.organization_id).await?;
    report.wrong = taken(tx, file, &rows).await?;
    if !report.wrong.is_empty() {
        return Ok(report);
    }
    if let Some(form) = form {
        let answer = FormAnswer {
            made: report.participants.to_string(),
            sealed: None,
        };
        let (tx, stamp) = change.parts();
        form.keep_answer(tx, stamp, &answer).await?;
    }
    write(change, &new).await?;
    report.is_written = true;
    Ok(report)
}

/// The report of an import that a form has made before.
fn written_before(answer: &FormAnswer) -> ImportReport {
    ImportReport {
        participants: answer.made.parse().unwrap_or_default(),
        read: Vec::new(),
        passwords: 0,
        wrong: Vec::new(),
        is_written: true,
    }
}

/// Writes the participants, each with its event.
async fn write(mut change: Change, new: &[NewParticipant]) -> Result<(), Error> {
    let (tx, stamp) = change.parts();
    let first = tx.insert_participants(new, stamp).await?;
    let events = (first.0..).map(ParticipantId).zip(new).map(|(id, new)| {
        let subject = Subject {
            target: Target::Participant { id },
            organization_id: Some(new.organization_id),
        };
        (subject, creation(new))
    });
    let events: Vec<(Subject, Event)> = events.collect();
    change.commit_each(events).await
}
