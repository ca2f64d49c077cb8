//! Changes of participants.

use claviger::domain::ids::{OrganizationId, ParticipantId};
use claviger::domain::participant::ImportFile;
use claviger::service::{Actor, Console, SentForm};

use crate::support::secret;

use super::Said;
use crate::service::PASSWORD;
use crate::service::participants::request;

/// What every method that changes participants says to an actor.
pub(super) async fn changes_of_participants(console: &Console, actor: &Actor) -> Vec<Said> {
    let (request, id) = (request(OrganizationId(1), "bea"), ParticipantId(1));
    let file = ImportFile {
        organization_id: OrganizationId(1),
        content: b"nickname,email\nbea,bea@example.org\n",
        is_dry_run: false,
    };
    let form = SentForm::new("key", "participants/create", &request.typed);
    vec![
        (
            "create_participant",
            console.create_participant(actor, &request).await.err(),
        ),
        (
            "create_participant_by_form",
            console
                .create_participant_by_form(actor, &form, &request)
                .await
                .err(),
        ),
        (
            "update_participant",
            console
                .update_participant(actor, id, &request.typed)
                .await
                .err(),
        ),
        (
            "block_participant",
            console.block_participant(actor, id).await.err(),
        ),
        (
            "unblock_participant",
            console.unblock_participant(actor, id).await.err(),
        ),
        (
            "set_participant_password",
            console
                .set_participant_password(actor, id, &secret(PASSWORD))
                .await
                .err(),
        ),
        (
            "import_participants",
            console
                .import_participants(actor, &file, &|_| {})
                .await
                .err(),
        ),
    ]
}
